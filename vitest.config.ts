import { defineConfig } from 'vitest/config'

/** What takes long by what it does: waiting for a database that hangs, a reseal that ends at every write, a fault at every statement. */
const LONG_UNITS = [
  'runtime/postgres-alone',
  'runtime/reseal',
  'store/d1-faults',
  'store/postgres-reads',
  'store/postgres-trouble',
].map((name) => `test/${name}.test.ts`)

/** Journeys that do: real passphrases, waiting for lists, `kill -9` at every step, other languages. */
const LONG_JOURNEYS = [
  'bad-database',
  'ceremony',
  'container',
  'crash',
  'fleet',
  'fleet-killed',
  'hanging',
  'init',
  'init-postgres',
  'interop',
  'kit',
  'leak',
  'move',
  'office-d1',
  'online-license',
  'operation',
  'order-notice',
  'package',
  'postgres-contended',
  'postgres-trouble',
  'reseal',
  'restore',
  'revocation',
  'rolling',
  'rolling-d1',
  'rotation',
  'rotation-d1',
  'rotation-killed',
  'runbook',
  'saas-1',
  'stop',
  'thirty-days',
  'worker-dev',
  'worker-outgoing',
  'worker-remote',
].map((name) => `test/journeys/${name}.test.ts`)

/** Nothing is started before a test asks for it. */
const POSTGRES = 'test/support/postgres-setup.ts'

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: POSTGRES,
          include: ['test/**/*.test.ts'],
          exclude: ['test/journeys/**', 'test/hosts/**', ...LONG_UNITS],
          // None takes as long; a machine with other work must not fail them.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          pool: 'threads',
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          globalSetup: POSTGRES,
          include: ['test/journeys/**/*.test.ts'],
          exclude: LONG_JOURNEYS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          globalSetup: POSTGRES,
          include: [...LONG_UNITS, ...LONG_JOURNEYS],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'hosts',
          include: ['test/hosts/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
