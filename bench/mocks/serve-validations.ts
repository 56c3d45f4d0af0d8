import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Pasted } from './judge.ts'

/** Calls `answer` once, with the body of the answer. */
export type Validate = (pasted: Pasted, answer: (body: string) => void) => void

export function serveValidations(port: number, validate: Validate): void {
  createServer((request, response) => {
    if (request.method === 'POST') receive(request, response, validate)
    else response.writeHead(404).end()
  }).listen(port, '127.0.0.1')
  process.once('SIGTERM', () => process.exit())
}

function receive(request: IncomingMessage, response: ServerResponse, validate: Validate): void {
  const answer = (body: string): void => {
    const length = Buffer.byteLength(body)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length }).end(body)
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    validate(JSON.parse(Buffer.concat(chunks).toString('utf8')), answer)
  })
}
