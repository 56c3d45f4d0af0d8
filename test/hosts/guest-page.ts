import { answerAll } from './guest.ts'

Object.assign(globalThis, { answerAll })
