import type { SealedKind, SealedStore } from '../authority/sealed-store.ts'
import type { Engine } from './engine.ts'
import type { Given, Queries, Read, Write } from './queries.ts'

interface Position {
  readonly after: string
  readonly limit: number
}

interface Replacement {
  readonly name: string
  readonly before: string
  readonly sealed: string
}

interface Kind {
  readonly page: Read<Position, { name: string; sealed: string | null }>
  /** Changes no row that has another text by now. */
  readonly replace: Write<Replacement>
}

/** What is sealed, of any kind, as names and texts: the hand that seals anew need not know the tables. */
export function sealedTexts(queries: Queries, engine: Engine): SealedStore {
  const kinds: Readonly<Record<SealedKind, Kind>> = {
    signing_key: signingKeys(queries),
    access_key: accessKeys(queries),
    open_api: openApiTexts(queries),
    customer: customers(queries),
    outgoing_call: outgoingCalls(queries),
    kit_entry: kitEntries(queries),
  }
  return {
    async sealedTexts(kind, after, limit) {
      const rows = await kinds[kind].page.all({ after: after ?? '', limit })
      return rows.flatMap(({ name, sealed }) => (sealed === null ? [] : [{ name, sealed }]))
    },
    async replaceSealed(kind, changes) {
      await engine.atomic(changes.map((change) => kinds[kind].replace({ ...change })))
    },
    compact: () => engine.compact(),
  }
}

function signingKeys(queries: Queries): Kind {
  return {
    page: queries.read((db, given: Given<Position>) =>
      db
        .selectFrom('signing_keys')
        .select(['kid as name', 'sealed'])
        .where('kid', '>', given('after'))
        .where('sealed', 'is not', null)
        .orderBy('kid')
        .limit(given('limit')),
    ),
    replace: queries.write((db, given: Given<Replacement>) =>
      db
        .updateTable('signing_keys')
        .set({ sealed: given('sealed') })
        .where('kid', '=', given('name'))
        .where('sealed', '=', given('before')),
    ),
  }
}

function accessKeys(queries: Queries): Kind {
  return {
    page: queries.read((db, given: Given<Position>) =>
      db
        .selectFrom('access_keys')
        .select(['id as name', 'sealed'])
        .where('id', '>', given('after'))
        .orderBy('id')
        .limit(given('limit')),
    ),
    replace: queries.write((db, given: Given<Replacement>) =>
      db
        .updateTable('access_keys')
        .set({ sealed: given('sealed') })
        .where('id', '=', given('name'))
        .where('sealed', '=', given('before')),
    ),
  }
}

function customers(queries: Queries): Kind {
  return {
    page: queries.read((db, given: Given<Position>) =>
      db
        .selectFrom('customers')
        .select(['license_id as name', 'sealed'])
        .where('license_id', '>', given('after'))
        .orderBy('license_id')
        .limit(given('limit')),
    ),
    replace: queries.write((db, given: Given<Replacement>) =>
      db
        .updateTable('customers')
        .set({ sealed: given('sealed') })
        .where('license_id', '=', given('name'))
        .where('sealed', '=', given('before')),
    ),
  }
}

function openApiTexts(queries: Queries): Kind {
  return {
    page: queries.read((db, given: Given<Position>) =>
      db
        .selectFrom('open_apis')
        .select(['channel as name', 'sealed'])
        .where('channel', '>', given('after'))
        .orderBy('channel')
        .limit(given('limit')),
    ),
    replace: queries.write((db, given: Given<Replacement>) =>
      db
        .updateTable('open_apis')
        .set({ sealed: given('sealed') })
        .where('channel', '=', given('name'))
        .where('sealed', '=', given('before')),
    ),
  }
}

function kitEntries(queries: Queries): Kind {
  return {
    page: queries.read((db, given: Given<Position>) =>
      db
        .selectFrom('kit_entries')
        .select(['id as name', 'sealed'])
        .where('id', '>', given('after'))
        .where('sealed', 'is not', null)
        .orderBy('id')
        .limit(given('limit')),
    ),
    replace: queries.write((db, given: Given<Replacement>) =>
      db
        .updateTable('kit_entries')
        .set({ sealed: given('sealed') })
        .where('id', '=', given('name'))
        .where('sealed', '=', given('before')),
    ),
  }
}

function outgoingCalls(queries: Queries): Kind {
  return {
    page: queries.read((db, given: Given<Position>) =>
      db
        .selectFrom('outgoing_calls')
        .select(['id as name', 'sealed'])
        .where('id', '>', given('after'))
        .where('sealed', 'is not', null)
        .orderBy('id')
        .limit(given('limit')),
    ),
    replace: queries.write((db, given: Given<Replacement>) =>
      db
        .updateTable('outgoing_calls')
        .set({ sealed: given('sealed') })
        .where('id', '=', given('name'))
        .where('sealed', '=', given('before')),
    ),
  }
}
