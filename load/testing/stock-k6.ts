import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildIntoCache } from '../../fixtures/tools/build.ts';
import { findGo } from '../../fixtures/tools/go-toolchain.ts';
import { k6Recipe } from '../../fixtures/tools/k6.ts';
import type { ToolRecipe } from '../../fixtures/tools/tool.ts';

/**
 * For tests: k6 as it is published, from the same modules as ours. Built once, into the tool cache.
 *
 * @returns path of the binary
 */
export async function buildStockK6(): Promise<string> {
  const module = k6Recipe.sourceDirectory!;
  const pins = createHash('sha256')
    .update(await readFile(join(module, 'go.sum')))
    .digest('hex')
    .slice(0, 8);
  const stock: ToolRecipe = {
    ...k6Recipe,
    version: `${k6Recipe.version}-stock-${pins}`,
    sourceDirectory: null,
    wanted: [],
    build: (directory) => ({
      args: ['build', '-trimpath', '-mod=readonly', '-buildvcs=false', '-o', join(directory, 'k6'), 'go.k6.io/k6/v2'],
      env: { CGO_ENABLED: '0', GOWORK: 'off' },
      cwd: module,
      produces: 'k6',
    }),
  };
  const { version } = (await findGo(process.env))!;
  return buildIntoCache(stock, { env: process.env, goVersion: version });
}
