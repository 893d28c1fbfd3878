// What a job has changed: the files, the overlaps with other jobs, and the differences.
import {html, nothing} from '/lib/lit-html.js';
import {name, plain} from '/format.js';

const MOST_LINES = 3000;
const BY = {patch: '', command: 'by a command', unknown: 'perhaps by another job'};

/** @param answer null while it is awaited */
export function changes(answer, id, jobs) {
  if (!answer) return html`<p class="quiet">Loading…</p>`;
  const called = other => jobs.has(other) ? name(jobs.get(other)) : other.slice(0, 8);
  return html`${answer.note ? html`<p class="quiet">${plain(answer.note)}</p>` : nothing}${answer.overlaps.map(overlap => html`<p class="overlap">${
    plain(overlap.path)} is also changed by ${overlap.jobs.filter(other => other !== id).map(called).join(', ')}</p>`)}${
    answer.fileCount ? html`<ul class="files">${answer.files.map(file)}</ul>` : html`<p class="quiet">No changes.</p>`}${
    answer.fileCount > answer.files.length ? html`<p class="quiet">and ${answer.fileCount - answer.files.length} more</p>` : nothing}${
    answer.patch ? html`<pre class="diff" tabindex="0" aria-label="Differences">${lines(answer.patch)}</pre>` : nothing}${
    answer.more ? html`<p class="quiet">There are more differences; codex_changes returns all.</p>` : nothing}`;
}

function file({path, kind, from, by, added, removed}) {
  return html`<li><span class="kind k-${kind}">${kind}</span> ${from ? plain(from) + ' → ' : ''}${plain(path)} ${
    added === undefined ? nothing : html`<span class="added">+${added}</span> <span class="removed">−${removed}</span>`} <span class="quiet">${BY[by] ?? ''}</span></li>`;
}

function lines(patch) {
  return patch.split('\n').slice(0, MOST_LINES).map(line => {
    const kind = /^(diff|index|---|\+\+\+|new|deleted|similarity|rename|old)/.test(line) ? 'meta'
      : line[0] === '+' ? 'added' : line[0] === '-' ? 'removed' : line[0] === '@' ? 'hunk' : '';
    return kind ? html`<span class=${kind}>${plain(line)}\n</span>` : plain(line) + '\n';
  });
}
