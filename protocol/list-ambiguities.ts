import type { Ambiguity } from './ambiguity.ts';

/** What the text leaves open about ListTasks (§3.1.4). */
export const listAmbiguities: readonly Ambiguity[] = [
  {
    id: 'list-unsupported',
    sections: '§3.1, §3.3.2',
    readings: [
      '§3.1: all implementations must support the operations, and ListTasks is one without a capability',
      '§3.3.2: UnsupportedOperationError: the requested operation is not supported by this server agent',
    ],
    handling: 'UnsupportedOperationError for ListTasks is a warn; MethodNotFoundError is a fail.',
  },
  {
    id: 'list-anonymous',
    sections: '§3.1.4, §13.1',
    readings: [
      '§3.1.4: the tasks that match what is asked for are listed',
      '§13.1: authorization is the agent’s own model: it may list nothing for a client that it does not know',
    ],
    handling: 'An empty list for a client without credentials is a warn, and so is a list that lags for a moment.',
  },
  {
    id: 'list-order',
    sections: '§3.1.4',
    readings: [
      'Behavior: tasks are sorted by last update time, so an artifact or a message moves a task too',
      'Ordering: tasks are sorted by their status timestamp, which is optional',
    ],
    handling:
      'Order is judged between ended tasks that nothing touched since, where both are one; any other inversion is a warn.',
  },
  {
    id: 'list-artifacts-null',
    sections: '§3.1.4, ProtoJSON',
    readings: [
      'the field should not be present as an empty array or null value',
      'ProtoJSON: null stands for an absent field',
    ],
    handling: '"artifacts": null is a warn, an empty array a fail.',
  },
  {
    id: 'list-context-form',
    sections: '§3.1.4, §3.3.2',
    readings: [
      '§3.1.4: no errors are specific to this operation; a context without tasks has an empty list',
      '§3.3.2: a contextId that cannot be one of the agent’s fails validation',
    ],
    handling: 'InvalidParamsError for a context that nobody has is a warn.',
  },
  {
    id: 'list-without-context',
    sections: 'a2a.proto ListTasksRequest.context_id, Task.context_id',
    readings: [
      'only tasks of the context are listed, and a task without a context is of none',
      'Task.context_id is not REQUIRED: a task need not show its context',
    ],
    handling: 'A task without contextId in the list of a context is a warn; one of another context a fail.',
  },
  {
    id: 'list-without-timestamp',
    sections: 'a2a.proto ListTasksRequest.status_timestamp_after, TaskStatus.timestamp',
    readings: [
      'only tasks with a status timestamp of that time or later are listed, so none without one',
      'TaskStatus.timestamp is not REQUIRED: a status need not show its time',
    ],
    handling: 'A task without a timestamp in such a list is a warn.',
  },
  {
    id: 'list-timestamp-inclusive',
    sections: 'a2a.proto ListTasksRequest.status_timestamp_after',
    readings: [
      'only tasks with a status timestamp greater than or equal to the value are listed',
      'tasks are listed whose status was updated after the timestamp, as the name of the field says',
    ],
    handling: 'A task of exactly that time that is left out is a warn.',
  },
  {
    id: 'list-purged',
    sections: '§3.1.4, §3.3.2',
    readings: [
      '§3.1.4: only visible tasks are listed, and GetTask calls this one unknown',
      '§3.3.2: an ended task may be purged, and the list may lag behind',
    ],
    handling: 'An ended task that is listed and cannot be read is a warn; one that goes on a fail.',
  },
  {
    id: 'list-moved-cursor',
    sections: '§3.1.4',
    readings: [
      'pagination is by a cursor for consistency, so a page follows the one before it whatever changed meanwhile',
      'no lifetime of a token is said: the agent may refuse one that it cannot go on from, and ask to begin again',
    ],
    handling: 'A token that is refused after a change is a warn; tasks left out or shown twice are a fail.',
  },
  {
    id: 'list-page-after-last',
    sections: '§3.1.4, a2a.proto ListTasksResponse.next_page_token',
    readings: [
      'when there are no more results the token is empty, so it is on the page with the last task',
      'the final page may be an empty one, since only looking for more tells whether there is any',
    ],
    handling: 'An empty page after the last task is a warn; a chain of pages without an end a fail.',
  },
  {
    id: 'list-default-values',
    sections: '§5.7, ProtoJSON',
    readings: [
      '§5.7: a REQUIRED field MUST be present and set',
      'ProtoJSON leaves out fields of their default value: an empty list, a size of 0',
    ],
    handling: 'A field that is absent where it would be empty or 0 is a warn; any other absent one a fail.',
  },
  {
    id: 'list-total-size',
    sections: 'a2a.proto ListTasksResponse.total_size',
    readings: [
      'the total is the number of tasks that match the filters, over all pages',
      '"available (before pagination)": the filters are not named, and the example of §6.5 counts more tasks than match',
    ],
    handling: 'A total above the number of matching tasks is a warn; one below the number of tasks shown a fail.',
  },
  {
    id: 'list-page-size-clamped',
    sections: '§3.3.2, §6.5, a2a.proto ListTasksRequest.page_size',
    readings: [
      '§3.3.2, §6.5: a value outside of 1 to 100 fails validation',
      'a2a.proto: the service may return fewer than this value, so a larger one may count as 100, and 0 as unset',
    ],
    handling: 'Serving such a request is a warn.',
  },
  {
    id: 'list-unknown-token',
    sections: '§3.3.2, a2a.proto ListTasksRequest.page_token',
    readings: [
      '§3.3.2: all input parameters are validated, and this is no token of a previous call',
      'a cursor that nothing is found by ends the list: an empty page',
    ],
    handling: 'An empty page for an unknown token is a warn; the first page, as if no token were given, a fail.',
  },
  {
    id: 'list-lenient-filter',
    sections: '§3.3.2, §6.5, ProtoJSON',
    readings: [
      '§3.3.2, §6.5: a value that is no value of the field fails validation',
      'no task has such a value, so the list is empty',
    ],
    handling: 'An empty page for such a filter is a warn; tasks that are listed in spite of it a fail.',
  },
  {
    id: 'list-negative-history',
    sections: '§3.2.4, §3.3.2, §6.5',
    readings: [
      '§3.3.2, §6.5: must be a non-negative integer',
      '§3.2.4 defines unset, 0 and above: what a negative number means is left to the agent',
    ],
    handling: 'Serving a negative historyLength is a warn.',
  },
];
