import { answerToIssued, claimOf, type IssuedRow, REFUSED, readIssued } from './judge.ts'
import { numbersPool } from './numbers-pool.ts'
import { serveValidations } from './serve-validations.ts'
import { mockSettings } from './settings.ts'

/** The rival that takes the product's short cut, on PostgreSQL. One read that fails ends the process. */
const settings = mockSettings()
const pool = numbersPool(settings.database)
const text = readIssued('$1', '$2')

serveValidations(settings.port, async (pasted, answer) => {
  const claim = claimOf(pasted)
  if (claim === null) return answer(REFUSED)
  const { rows } = await pool.query<IssuedRow>({ name: 'issued', text, values: [claim.id, claim.revision] })
  answer(answerToIssued(pasted, claim, rows[0]))
})
