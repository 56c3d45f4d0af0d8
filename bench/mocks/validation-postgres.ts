import pg from 'pg'
import { answerAbout, READ_LICENSE, type Row } from './judge.ts'
import { serveValidations } from './serve-validations.ts'
import { mockSettings } from './settings.ts'

/**
 * The hand-written rival for validation on PostgreSQL: the one indexed read is a statement that each connection of
 * the driver's pool prepares once. One that fails ends the process.
 */
const settings = mockSettings()
const BIGINT = 20
pg.types.setTypeParser(BIGINT, Number)
const pool = new pg.Pool({ connectionString: settings.database })

serveValidations(settings.port, async (pasted, id, answer) => {
  const { rows } = await pool.query<Row>({ name: 'license', text: `${READ_LICENSE} $1`, values: [id] })
  answer(answerAbout(pasted, id, rows[0]))
})
