import { answerAll } from './guest.ts'

export default {
  fetch: async (request: Request): Promise<Response> => new Response(await answerAll(await request.text())),
}
