import { expect, test } from 'vitest';
import { grpcUrl } from './endpoint.ts';

test.for<[string, string | undefined]>([
  ['https://grpc.example.com/a2a', 'https://grpc.example.com/a2a'],
  ['http://127.0.0.1:50051', 'http://127.0.0.1:50051'],
  ['grpc://agent.example.com:50051', 'http://agent.example.com:50051'],
  ['grpcs://agent.example.com:50051', 'https://agent.example.com:50051'],
  ['localhost:50051', 'http://localhost:50051'],
  ['127.0.0.1:50051', 'http://127.0.0.1:50051'],
  ['[::1]:50051', 'http://[::1]:50051'],
  ['agent.example.com:443', 'https://agent.example.com'],
  ['agent.example.com:50051', 'https://agent.example.com:50051'],
  ['dns:///agent.example.com:50051', 'https://agent.example.com:50051'],
  ['dns:///localhost:50051', 'http://localhost:50051'],
  ['dns://8.8.8.8/agent.example.com:50051', 'https://agent.example.com:50051'],
  ['unix:///tmp/socket', undefined],
  ['/a2a/grpc', undefined],
  ['agent.example.com', undefined],
  ['127.0.0.1.example.com:50051', 'https://127.0.0.1.example.com:50051'],
  ['user@localhost:50051', undefined],
  ['', undefined],
])('%j is %s', ([declared, url]) => {
  expect(grpcUrl(declared)).toBe(url);
});
