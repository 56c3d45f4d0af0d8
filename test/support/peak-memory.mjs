// Loaded before the program: says on standard error how much memory it took at most, in mebibytes.
process.on('exit', () => console.error(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)}`))
