// Settings of a project: `npx a2a-gauntlet check` in its folder takes them; every flag wins over its setting.
import { defineConfig } from 'a2a-gauntlet/config';

export default defineConfig({
  url: process.env['AGENT_URL'] ?? 'http://localhost:4000',
  bearer: 'env:AGENT_TOKEN',
  stimuli: './stimuli.yaml',
  baseline: './gauntlet.baseline.yaml',
  level: 'SHOULD',
  reporters: ['console', 'junit'],
});
