import { answerAbout, genuineId, READ_LICENSE, REFUSED, type Row } from './judge.ts'
import { numbersPool } from './numbers-pool.ts'
import { serveValidations } from './serve-validations.ts'
import { mockSettings } from './settings.ts'

/**
 * The hand-written rival for validation on PostgreSQL: one signature verified; the one indexed read is a statement that each
 * connection of the driver's pool prepares once. One that fails ends the process.
 */
const settings = mockSettings()
const pool = numbersPool(settings.database)

serveValidations(settings.port, async (pasted, answer) => {
  const id = genuineId(pasted)
  if (id === null) return answer(REFUSED)
  const { rows } = await pool.query<Row>({ name: 'license', text: `${READ_LICENSE} $1`, values: [id] })
  answer(answerAbout(pasted, id, rows[0]))
})
