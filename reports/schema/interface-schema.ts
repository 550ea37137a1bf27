import { z } from 'zod';

export const interfaceRef = z
  .object({
    binding: z.string().describe('protocolBinding of the card: JSONRPC, HTTP+JSON, GRPC or a custom one'),
    version: z.string(),
    url: z.string(),
    tenant: z.string().optional(),
  })
  .meta({ id: 'interface', description: 'One entry of supportedInterfaces' });
