// `sqlite3 DATABASE ".backup 'FILE'"` for machines without the command line of SQLite.
import Sqlite from 'better-sqlite3'

const [, , database, order = ''] = process.argv
const file = /^\.backup '(.+)'$/.exec(order)?.[1]
if (file === undefined) throw new Error(`cannot do: ${order}`)
const db = new Sqlite(database)
await db.backup(file)
db.close()
