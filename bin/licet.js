#!/usr/bin/env node
// Plain JavaScript on purpose: it must run on a Node.js that is too old, to say so.
import { existsSync } from 'node:fs'
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`licet needs Node.js 22.18 or newer; this is ${process.versions.node}.\n`)
  process.exit(3)
}
// Compiled code is kept between runs, which halves the start of a command.
module.enableCompileCache?.()

// A checkout runs its TypeScript sources directly; the published package carries only dist/.
const source = new URL('../src/runtime/main.ts', import.meta.url)
await import(existsSync(source) ? source.href : new URL('../dist/runtime/main.js', import.meta.url).href)
