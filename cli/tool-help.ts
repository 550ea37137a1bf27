import { toolRecipes } from '../fixtures/tools/inspect.ts';
import type { ToolName } from '../fixtures/tools/tool.ts';
import { wrap } from '../reports/text.ts';

const width = 80;

/** For the help of a command that stands on a tool: where that is found, and what is done where it is not. */
export function toolHelp(name: ToolName): string {
  const { variable, programs, image, minimumGo, wanted } = toolRecipes[name];
  const [extension] = wanted;
  const stock =
    extension === undefined
      ? ''
      : ` One with ${extension} wins over a stock one, with which signal latency stays untested.`;
  const text = `${name} is looked for in this order: ${variable} (a binary) or ${image.variable} (a container image) of yours, the tool cache, ${programs.join(' or ')} on the PATH, a container image (${image.published}), a build with Go ${minimumGo} or newer into the cache.${stock} a2a-gauntlet doctor says what is there and what the rest costs.`;
  return ['', 'Tool:', ...wrap(text, width - 2).map((line) => `  ${line}`)].join('\n');
}
