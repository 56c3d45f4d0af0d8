import type { Kysely } from 'kysely'
import type { Moving } from '../authority/move/moving.ts'
import type { Store } from '../authority/ports.ts'
import { answers } from './answers.ts'
import { applications } from './applications.ts'
import { batchSteps } from './batch.ts'
import { callMemory, markSweep } from './callbacks.ts'
import { deviceCodes } from './device-codes.ts'
import type { Engine } from './engine.ts'
import { keyLicenses } from './key-licenses.ts'
import { keyStore } from './keys.ts'
import { kitEntries } from './kit-entries.ts'
import { leases } from './leases.ts'
import { licenseHistory } from './license-history.ts'
import { licenseReads } from './license-reads.ts'
import { listings } from './listings.ts'
import { marketplaceCodes } from './marketplace-codes.ts'
import { createMoving, unfinished } from './moving.ts'
import { namedTexts } from './named-texts.ts'
import { openApis } from './open-apis.ts'
import { orders } from './orders.ts'
import { outbox, queueAlert } from './outbox.ts'
import { outgoing } from './outgoing.ts'
import { parking } from './parking.ts'
import { probe } from './probe.ts'
import { createQueries } from './queries.ts'
import type { Database } from './schema.ts'
import { sealedTexts } from './sealed-texts.ts'
import { type Administer, settings } from './settings.ts'

/** The store over any engine whose tables exist; `db` compiles for its dialect and is never connected. */
export function createStore(engine: Engine, db: Kysely<Database>): Store {
  const queries = createQueries(engine, db)
  const reads = licenseReads(queries)
  const texts = namedTexts(queries)
  const queue = queueAlert(queries)
  const steps = batchSteps(queries, queue, engine.mostValues)
  const firstAnswers = answers(queries)
  const probing = probe(queries, texts)
  let moving: Moving | null = null
  const administer: Administer = (changes) => engine.atomic([...changes, texts.raiseGeneration()])
  return {
    ...reads,
    ...licenseHistory(queries, reads.byId),
    ...callMemory(queries, firstAnswers),
    ...parking(queries),
    ...listings(queries, engine),
    ...settings(queries, texts, administer),
    ...keyLicenses(queries),
    ...keyStore(queries, texts, (changes) => engine.erase([...changes, texts.raiseGeneration()])),
    ...sealedTexts(queries, engine),
    ...outbox(queries, engine, queue),
    ...outgoing(queries, engine),
    ...openApis(queries, administer),
    ...leases(queries, engine),
    ...orders(queries),
    ...marketplaceCodes(queries, engine),
    ...applications(queries),
    ...deviceCodes(queries),
    ...kitEntries(queries),
    async commit(batch) {
      const kept = firstAnswers.keep(batch)
      return engine.atomic(steps(batch, kept instanceof Promise ? await kept : kept))
    },
    async probe() {
      await engine.atomic(probing)
    },
    sweepMarks: markSweep(queries),
    unfinished: () => unfinished(texts),
    moving() {
      moving ??= createMoving(engine, db, queries, texts)
      return moving
    },
    close: () => engine.close(),
  }
}
