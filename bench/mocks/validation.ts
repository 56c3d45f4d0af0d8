import { openDatabase } from './database.ts'
import { answerAbout, genuineId, READ_LICENSE, REFUSED, type Row } from './judge.ts'
import { serveValidations } from './serve-validations.ts'
import { mockSettings } from './settings.ts'

/** The hand-written rival for validation on SQLite: one signature verified; the one indexed read is a prepared statement. */
const settings = mockSettings()
const db = openDatabase(settings.database, settings.schema)
const readLicense = db.prepare<[string], Row>(`${READ_LICENSE} ?`)

serveValidations(settings.port, (pasted, answer) => {
  const id = genuineId(pasted)
  answer(id === null ? REFUSED : answerAbout(pasted, id, readLicense.get(id)))
})
