import { z } from 'zod';
import { spokenBindings } from '../../core/wire/connect.ts';
import { patchReleases } from '../../protocol/errors.ts';
import { reporters } from '../reporters.ts';

const texts = z.array(z.string('a text is expected'), 'a list of texts is expected').readonly();
const text = z.string('a text is expected').min(1, 'it is empty');
const flag = z.boolean('true or false is expected');
const whole = z.int('a whole number is expected').min(0, 'at least 0');

/** What a `gauntlet.config.ts` may hold; the names are those of the flags, and a test holds both in step. */
export const configSchema = z
  .strictObject({
    url: text.describe('Of the agent; without it, `check` takes the embedded reference agent.'),
    cardUrl: text.describe('Where the card is, if not at the well-known path.'),
    headers: z.record(z.string(), z.string('a text is expected')).describe('Header fields for every request.'),
    bearer: text.describe('Bearer token, or `env:NAME` for the value of an environment variable.'),
    basic: text.describe('`user:password`, or `env:NAME`.'),
    apiKey: text.describe('API key, sent where the card says, or `env:NAME`.'),
    secondBearer: text.describe(
      'Bearer token of a second principal, who must not see the tasks of the first, or `env:NAME`.',
    ),
    cert: text.describe('PEM file of the certificate to show to an agent (mTLS), relative to the config.'),
    key: text.describe('PEM file of its private key, relative to the config.'),
    ca: text.describe('PEM file of a further certificate authority, relative to the config.'),
    insecure: flag.describe('Accept any certificate.'),
    timeout: z
      .union([z.number(), z.string()], 'milliseconds, or a text like "30s"')
      .describe('For one operation: milliseconds, or like "30s".'),
    webhookUrl: text.describe('URL by which the agent reaches the webhook receiver of the run.'),
    webhookListen: text.describe('Port, or `host:port`, on which the webhook receiver listens.'),
    cardKeys: text.describe('JWK Set with keys of the card’s signatures: a URL, or a file relative to the config.'),
    iOwnThisTarget: texts.describe('Hosts that are not this machine and may be tested.'),
    bindings: z
      .array(z.enum(spokenBindings, `known are ${spokenBindings.join(', ')}`), 'a list is expected')
      .readonly()
      .describe('Only interfaces of these bindings.'),
    tenants: texts.describe('Only interfaces of these tenants; several must not see each other’s tasks.'),
    only: texts.describe('Only these checks, areas or requirements (`*` matches anything).'),
    skip: texts.describe('Not these checks, areas or requirements.'),
    level: z.enum(['MUST', 'SHOULD'], 'known are MUST, SHOULD').describe('Only requirements of this level or above.'),
    specPatch: z
      .enum(patchReleases, `known are ${patchReleases.join(', ')}`)
      .describe('The patch release of 1.0 that the agent is held to; default: what either allows.'),
    strict: flag.describe('A SHOULD that is not met fails the run too.'),
    intrusive: flag.describe('Also what may cost or disturb.'),
    stimuli: text.describe('Preset (`tck`), or a stimuli file relative to the config.'),
    maxTasks: whole.describe('How many tasks the run may create.'),
    concurrency: whole.describe('Checks at a time on each interface.'),
    seed: whole.describe('The same seed sends the same bytes.'),
    reportDir: text.describe('Where the report is written, relative to the config.'),
    reporters: z.array(z.enum(reporters, `known are ${reporters.join(', ')}`), 'a list is expected').readonly(),
    baseline: text.describe('File of known failures, relative to the config.'),
  })
  .partial()
  .readonly();

/** The settings of a project; every flag of the command line wins over its setting. */
export type GauntletConfig = z.input<typeof configSchema>;

/**
 * Types a `gauntlet.config.ts`:
 *
 * ```ts
 * import { defineConfig } from 'a2a-gauntlet/config';
 * export default defineConfig({ url: 'http://localhost:4000', stimuli: 'tck', level: 'MUST' });
 * ```
 */
export const defineConfig = (config: GauntletConfig): GauntletConfig => config;
