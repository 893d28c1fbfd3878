// Words for numbers and states.

/** @returns a time in at most six characters */
export function duration(millis) {
  const s = Math.max(0, Math.floor(millis / 1000));
  const two = n => String(n).padStart(2, '0');
  if (s < 60) return s + 's';
  if (s < 3600) return Math.floor(s / 60) + 'm ' + two(s % 60) + 's';
  if (s < 86400) return Math.floor(s / 3600) + 'h ' + two(Math.floor(s / 60) % 60) + 'm';
  return Math.floor(s / 86400) + 'd ' + two(Math.floor(s / 3600) % 24) + 'h';
}

export function count(n) {
  if (n < 1000) return String(n);
  return n < 1e6 ? (n / 1e3).toFixed(n < 1e4 ? 1 : 0) + 'k' : (n / 1e6).toFixed(1) + 'M';
}

export function clock(time) {
  return new Date(time).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});
}

/** Other people's text, with a visible escape in place of what would change the direction of writing or not be seen. */
export function plain(text) {
  return String(text ?? '').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, c => c === '\n' || c === '\t' ? c : '\\u' + c.codePointAt(0).toString(16).padStart(4, '0'));
}

export const ended = job => job.status !== 'running' && job.status !== 'queued';

export const needsAttention = job => (job.attention || []).length > 0;

/** The job's label, or the beginning of its id. */
export const name = job => plain(job.fullLabel || job.label || job.jobId.slice(0, 8));

const ATTENTION = {
  idle: 'Quiet for long', rate_limited: 'Rate limited', network: 'No network', overlap: 'Overlapping edits',
  retrying: 'Retrying',
};

const REASON = {
  timeout: 'Ran too long', idle: 'Quiet for too long', tokens: 'Used too many tokens', dependency: 'A job it depends on was not done',
  usage_limit: 'Usage limit', rate_limit: 'Rate limit', overloaded: 'Provider overloaded', network: 'No network', auth: 'Not logged in',
  model: 'Unknown model', sandbox: 'Sandbox failed', memory: 'Out of memory', start: 'Could not be started', worktree: 'No worktree',
  lost: 'Lost', signal: 'Ended by a signal', exit: 'Exited with an error',
};

/** What the job needs, is doing, or why it has ended. */
export function doing(job) {
  if (ended(job)) {
    return job.reason ? (REASON[job.reason] || plain(job.reason)) : job.status === 'done' ? 'Finished' : job.status === 'canceled' ? 'Canceled' : 'Failed';
  }
  const words = (job.attention || []).map(word => ATTENTION[word] || plain(word)).join(', ');
  const text = plain(job.doing).replace(/^[a-z]/, letter => letter.toUpperCase());
  return words ? words + (text ? ' · ' + text : '') : text;
}

/** What stands before the status, for eyes and for screen readers. */
export const state = job => needsAttention(job) ? 'attention' : job.status;

const RANK = {attention: 0, running: 1, queued: 2, failed: 3, canceled: 3, done: 3};

/** What needs attention first, then running, queued and ended jobs, newest first. */
export function order(a, b) {
  return RANK[state(a)] - RANK[state(b)]
    || (b.finishedAt || b.createdAt) - (a.finishedAt || a.createdAt)
    || (a.jobId < b.jobId ? -1 : 1);
}

export function matches(job, words) {
  if (!words.length) return true;
  const text = [name(job), job.jobId, job.status, doing(job), job.host || '', job.directory || '', job.model || ''].join(' ').toLowerCase();
  return words.every(word => text.includes(word));
}
