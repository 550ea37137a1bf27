import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { StoredPushConfig } from './push.ts';
import { makerOf, type ListQuery, type PushConfigStore, type TaskRecord, type TaskStore } from './task-store.ts';

/*
 * WAL with synchronous=NORMAL: what was written is there again after the process was killed at any moment, since the pages
 * are the operating system's by then. A crash of the machine may take the last moments away; this agent does not promise more.
 */
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    maker TEXT,
    context_id TEXT NOT NULL,
    state TEXT NOT NULL,
    status_ms INTEGER,
    sequence INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS tasks_by_sequence ON tasks (sequence);
  CREATE INDEX IF NOT EXISTS tasks_by_maker ON tasks (owner, maker);
  CREATE INDEX IF NOT EXISTS tasks_unfinished ON tasks (ended) WHERE ended = 0;
  CREATE TABLE IF NOT EXISTS push_configs (
    task_id TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    config TEXT NOT NULL,
    PRIMARY KEY (task_id, id)
  );
`;

type Row = Readonly<Record<string, unknown>> | undefined;

const recordOf = (row: Row): TaskRecord | undefined =>
  row === undefined ? undefined : (JSON.parse(String(row['record'])) as TaskRecord);

/**
 * Keeps tasks in an SQLite file, which one process at a time may use; of more than `capacity` the ended ones that have changed
 * least recently are purged. Throws where the file cannot be opened.
 */
export function createSqliteTaskStore(
  file: string,
  capacity: number,
  hasEnded: (record: TaskRecord) => boolean,
): TaskStore {
  const database = new DatabaseSync(file);
  database.exec(schema);
  const statements = {
    get: database.prepare('SELECT record FROM tasks WHERE id = ?'),
    put: database.prepare(`
      INSERT INTO tasks (id, owner, maker, context_id, state, status_ms, sequence, ended, record)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        owner = excluded.owner, context_id = excluded.context_id, state = excluded.state, status_ms = excluded.status_ms,
        sequence = excluded.sequence, ended = excluded.ended, record = excluded.record`),
    madeBy: database.prepare('SELECT record FROM tasks WHERE owner = ? AND maker = ? ORDER BY rowid LIMIT 1'),
    unfinished: database.prepare('SELECT record FROM tasks WHERE ended = 0 ORDER BY rowid'),
    purge: database.prepare(`
      DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE ended = 1 ORDER BY sequence LIMIT ?)`),
  };
  const one = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  let sequence = one('SELECT MAX(sequence) FROM tasks');
  let count = one('SELECT COUNT(*) FROM tasks');
  let depth = 0;
  /** Tasks at work, which are read and written all the time. */
  const live = new Map<string, TaskRecord>();

  const put = (record: TaskRecord): void => {
    const { task, owner, statusSequence } = record;
    const { id, contextId, status } = task;
    const ended = hasEnded(record);
    const isNew = !live.has(id) && statements.get.get(id) === undefined;
    const at = Date.parse(status.timestamp ?? '');
    const text = JSON.stringify(record);
    const values: SQLInputValue[] = [id, owner, makerOf(record) ?? null, contextId, status.state];
    statements.put.run(...values, Number.isNaN(at) ? null : at, statusSequence, ended ? 1 : 0, text);
    if (ended) live.delete(id);
    else live.set(id, record);
    if (!isNew) return;
    count += 1;
    if (count > capacity) count -= Number(statements.purge.run(count - capacity).changes);
  };

  const list = (query: ListQuery) => {
    const conditions: readonly (readonly [string, SQLInputValue | undefined])[] = [
      ['owner = ?', query.owner],
      ['context_id = ?', query.contextId],
      ['state = ?', query.state],
      ['status_ms >= ?', query.statusSince],
    ];
    const given = conditions.filter((pair): pair is [string, SQLInputValue] => pair[1] !== undefined);
    const where = (more: readonly (readonly [string, SQLInputValue])[]): string =>
      more.length === 0 ? '' : ` WHERE ${more.map(([sql]) => sql).join(' AND ')}`;
    const counted = database.prepare(`SELECT COUNT(*) AS total FROM tasks${where(given)}`);
    const total = Number(counted.get(...given.map(([, value]) => value))?.['total'] ?? 0);
    const paged: [string, SQLInputValue][] =
      query.before === undefined
        ? [...given]
        : [...given, [query.ascending ? 'sequence > ?' : 'sequence < ?', query.before]];
    const order = query.ascending ? 'ASC' : 'DESC';
    const rows = database
      .prepare(`SELECT record FROM tasks${where(paged)} ORDER BY sequence ${order} LIMIT ?`)
      .all(...paged.map(([, value]) => value), query.limit + 1);
    const records = rows.flatMap((row) => recordOf(row) ?? []);
    return { records: records.slice(0, query.limit), total, more: records.length > query.limit };
  };

  const atomically = <T>(change: () => T): T => {
    if (depth > 0) return change();
    depth += 1;
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      database.exec('ROLLBACK');
      live.clear();
      count = one('SELECT COUNT(*) FROM tasks');
      throw error;
    } finally {
      depth -= 1;
    }
  };

  return {
    get: (taskId) => live.get(taskId) ?? recordOf(statements.get.get(taskId)),
    put,
    madeBy: (owner, messageId) => recordOf(statements.madeBy.get(owner, messageId)),
    list,
    unfinished: () => statements.unfinished.all().flatMap((row) => recordOf(row) ?? []),
    nextSequence: () => (sequence += 1),
    atomically,
    pushConfigs: createPushConfigs(database),
    close: () => database.close(),
  };
}

function createPushConfigs(database: DatabaseSync): PushConfigStore {
  const put = database.prepare(`
    INSERT INTO push_configs (task_id, id, position, config) VALUES (?, ?, ?, ?)
    ON CONFLICT (task_id, id) DO UPDATE SET position = excluded.position, config = excluded.config`);
  const remove = database.prepare('DELETE FROM push_configs WHERE task_id = ? AND id = ?');
  return {
    all: () =>
      database
        .prepare('SELECT position, config FROM push_configs ORDER BY position')
        .all()
        .map(({ position, config }) => ({
          position: Number(position),
          config: JSON.parse(String(config)) as StoredPushConfig,
        })),
    put: (config, position) => void put.run(config.taskId, config.id, position, JSON.stringify(config)),
    delete: (taskId, configId) => void remove.run(taskId, configId),
  };
}
