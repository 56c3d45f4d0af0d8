import type { Reporter, TestModule } from 'vitest/node'

/** Prints one closing line, `N passed, N failed[, N skipped]`, after every other reporter. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[], reason: string): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      let failedInside = 0
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === 'passed') count.passed++
        else if (state === 'failed') failedInside++
        else count.skipped++
      }
      // An import error or a thrown beforeAll fails the file without failing any test of it.
      count.failed += failedInside === 0 && !module.ok() ? 1 : failedInside
    }
    if (reason !== 'passed' && count.failed === 0) count.failed = 1
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    process.on('exit', () => {
      process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`)
    })
  }
}
