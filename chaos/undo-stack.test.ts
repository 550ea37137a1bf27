import { expect, test } from 'vitest';
import { createUndoStack } from './undo-stack.ts';

test('undoes the last one first, each once', async () => {
  const undone: string[] = [];
  const stack = createUndoStack();
  stack.push(async () => void undone.push('a'));
  const undoB = stack.push(async () => void undone.push('b'));
  stack.push(async () => void undone.push('c'));
  await undoB();
  await undoB();
  expect(stack.size).toBe(2);
  await stack[Symbol.asyncDispose]();
  expect(undone).toEqual(['b', 'c', 'a']);
});

test('one that fails does not keep the others', async () => {
  const undone: string[] = [];
  const stack = createUndoStack();
  stack.push(async () => void undone.push('a'));
  stack.push(() => Promise.reject(new Error('stuck')));
  await expect(stack[Symbol.asyncDispose]()).rejects.toThrow('a fault could not be undone');
  expect(undone).toEqual(['a']);
});
