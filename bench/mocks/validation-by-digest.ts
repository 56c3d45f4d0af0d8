import { openDatabase } from './database.ts'
import { answerToIssued, claimOf, type IssuedRow, REFUSED, readIssued } from './judge.ts'
import { serveValidations } from './serve-validations.ts'
import { mockSettings } from './settings.ts'

/** The rival that takes the product's short cut: it knows a code by its digest, in one joined read, and verifies nothing. */
const settings = mockSettings()
const db = openDatabase(settings.database, settings.schema)
const read = db.prepare<[string, number], IssuedRow>(readIssued('?', '?'))

serveValidations(settings.port, (pasted, answer) => {
  const claim = claimOf(pasted)
  if (claim === null) answer(REFUSED)
  else answer(answerToIssued(pasted, claim, read.get(claim.id, claim.revision)))
})
