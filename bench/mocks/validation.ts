import { openDatabase } from './database.ts'
import { answerAbout, READ_LICENSE, type Row } from './judge.ts'
import { serveValidations } from './serve-validations.ts'
import { mockSettings } from './settings.ts'

/** The hand-written rival for validation on SQLite: the one indexed read is a prepared statement. */
const settings = mockSettings()
const db = openDatabase(settings.database, settings.schema)
const readLicense = db.prepare<[string], Row>(`${READ_LICENSE} ?`)

serveValidations(settings.port, (pasted, id, answer) => answer(answerAbout(pasted, id, readLicense.get(id))))
