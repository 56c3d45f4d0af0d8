import { createServer } from 'node:http'
import { mockSettings } from './settings.ts'

/** What HTTP alone costs on this machine: a fixed answer of eleven bytes. */
const BODY = '{"ok":true}'
const HEADERS = { 'Content-Type': 'application/json', 'Content-Length': BODY.length }

createServer((_request, response) => void response.writeHead(200, HEADERS).end(BODY)).listen(
  mockSettings().port,
  '127.0.0.1',
)

process.once('SIGTERM', () => process.exit())
