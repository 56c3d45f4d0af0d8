// Loaded before the program: kills it right before its Nth write to the file system or commit of its database, as a
// power cut would.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const WRITES = ['mkdirSync', 'openSync', 'writeFileSync', 'fsyncSync', 'closeSync', 'renameSync', 'rmSync']
/** Descriptors of the instance's files. */
const opened = new Set()
let left = Number(process.env.KILL_AT)

for (const name of WRITES) {
  const original = fs[name]
  fs[name] = (...given) => {
    // The program's own files only: not those that Node.js reads to start.
    if (isOfTheInstance(given[0])) {
      left -= 1
      if (left === 0) process.kill(process.pid, 'SIGKILL')
    }
    const result = original(...given)
    if (name === 'openSync' && isOfTheInstance(given[0])) opened.add(result)
    return result
  }
}
syncBuiltinESMExports()

function isOfTheInstance(target) {
  return typeof target === 'number' ? opened.has(target) : String(target).startsWith(process.env.LICET_DATA)
}

// The database writes past Node.js, but every commit of it is a statement that is run.
const { default: Sqlite } = await import('better-sqlite3')
const memory = new Sqlite(':memory:')
const statement = Object.getPrototypeOf(memory.prepare('SELECT 1'))
memory.close()
const run = statement.run
statement.run = function (...given) {
  if (this.source === 'COMMIT') {
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
  return run.apply(this, given)
}
