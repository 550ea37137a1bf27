import { contentTypeNotSupported } from './errors.ts';
import type { Message, Part } from './types.ts';

/** The media type of a part: as declared, else by its content. */
function mediaTypeOf(part: Part): string {
  const declared = part.mediaType?.split(';')[0]?.trim().toLowerCase();
  if (declared !== undefined && declared !== '') return declared;
  if (part.text !== undefined) return 'text/plain';
  return part.data === undefined ? 'application/octet-stream' : 'application/json';
}

/** Throws ContentTypeNotSupportedError for the first part whose media type the agent does not take (§3.1.1). */
export function checkMediaTypes(message: Message, supported: readonly string[]): void {
  for (const [index, part] of message.parts.entries()) {
    const mediaType = mediaTypeOf(part);
    if (!supported.includes(mediaType)) {
      throw contentTypeNotSupported(mediaType, `message.parts[${index}].mediaType`, supported);
    }
  }
}
