// Loaded with --import into the harness: writes what its own process used to the file named by A2A_GAUNTLET_USAGE.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMebibytes: maxRSS / 1024 };
  writeFileSync(process.env.A2A_GAUNTLET_USAGE, JSON.stringify(usage));
});
