type Ends = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'on' | 'exit'>

/**
 * Nobody reads a stack trace: a closed pipe takes no more output and changes no exit code, and what nobody caught
 * ends the process with one sentence and exit code 3.
 */
export function endQuietly(process: Ends): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  process.on('uncaughtException', (thrown: unknown) => {
    const why =
      thrown instanceof Error ? thrown.message.replace(/\s*\n\s*/g, ' ') : 'for a reason it cannot name'
    process.stderr.write(`licet failed: ${why}\n`, () => process.exit(3))
  })
}
