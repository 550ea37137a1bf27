/**
 * The data of each server-sent event (HTML, "Parsing an event stream"): lines end with LF, CR or CRLF, wherever chunks are cut; an
 * event ends with an empty line; one that is not ended is none.
 */
export async function* eventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the end may be the first half of a CRLF.
    for (let end = /\r\n|\n|\r(?!$)/.exec(rest); end !== null; end = /\r\n|\n|\r(?!$)/.exec(rest)) {
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
      } else if (/^data(?::|$)/.test(line)) data.push(line.slice('data:'.length).replace(/^ /, ''));
    }
  }
}
