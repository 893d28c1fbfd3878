// The selected job: what it has done, said and changed.
import {html, noChange, nothing, render} from '/lib/lit-html.js';
import {changes} from '/changes.js';
import {clock, count, doing, duration, ended, name, plain, state} from '/format.js';

const MOST_EVENTS = 300;
const SURE = 5000;

/** How often git is asked what a running job has changed, in milliseconds. */
const CHANGES_PACE = 4000;

export class Detail {
  constructor(root, call, onClose) {
    Object.assign(this, {root, call, onClose, id: null, tab: 'activity'});
  }

  open(id) {
    if (this.id !== id) {
      Object.assign(this, {id, events: [], cursor: -1, more: null, moreAt: -1, sure: 0, problem: '', job: null, ended: false, changes: null, changesAt: -1, changesTime: 0});
    }
    this.root.hidden = false;
    document.body.classList.add('open');
    this.show(this.jobs);
    this.root.querySelector('h2')?.focus();
  }

  close() {
    if (this.id === null) return;
    this.id = null;
    this.root.hidden = true;
    document.body.classList.remove('open');
    this.onClose();
  }

  show(jobs) {
    this.jobs = jobs;
    if (this.id === null) return;
    this.job = jobs.get(this.id) || this.job;
    if (!this.job) return;
    this.draw();
    this.follow();
  }

  /** Fetches what is new, one request at a time, until there is nothing more to come. */
  async follow() {
    if (this.busy) return;
    this.busy = true;
    const id = this.id;
    try {
      if (this.cursor < 0) this.cursor = Math.max(0, this.job.events - MOST_EVENTS);
      while (id === this.id && !document.hidden && await this.fetchNew(id));
      this.problem = '';
    } catch (failure) {
      this.problem = this.jobs.has(id) ? failure.message : 'The server of this job has ended.';
    }
    this.busy = false;
    if (id === this.id) this.draw();
    else if (this.id !== null) this.follow();
  }

  /** Returns whether there may be more soon. */
  async fetchNew(id) {
    if (this.tab === 'changes') {
      const at = this.job.events;
      if (this.changesAt === at || (!ended(this.job) && Date.now() - this.changesTime < CHANGES_PACE)) return false;
      const changes = await this.call(`/api/jobs/${id}/changes`);
      if (id === this.id) Object.assign(this, {changes, changesAt: at, changesTime: Date.now()});
      this.draw();
      return false;
    }
    if (this.tab !== 'activity') {
      if (this.moreAt === this.job.events) return false;
      const at = this.job.events;
      const more = await this.call(`/api/jobs/${id}`);
      if (id === this.id) Object.assign(this, {more, moreAt: at});
      this.draw();
      return false;
    }
    if (this.ended) return false;
    const page = await this.call(`/api/jobs/${id}/events?cursor=${this.cursor}&wait=1000`);
    if (id !== this.id) return false;
    if (page.events.length) this.events = this.events.concat(page.events).slice(-MOST_EVENTS);
    this.cursor = Number(page.nextCursor);
    this.ended = page.done;
    if (page.events.length) this.draw();
    return true;
  }

  async cancel() {
    if (Date.now() - this.sure > SURE) {
      this.sure = Date.now();
      setTimeout(() => this.id && this.draw(), SURE + 50);
    } else {
      this.sure = 0;
      try {
        await this.call(`/api/jobs/${this.id}/cancel`, 'POST');
      } catch (failure) {
        this.problem = failure.message;
      }
    }
    this.draw();
  }

  draw() {
    const {job} = this;
    const log = this.root.querySelector('.events');
    const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    render(html`
      <header>
        <div class="line"><h2 tabindex="-1">${name(job)}</h2>
          <button type="button" class="close" @click=${() => this.close()} aria-label="Close">×</button></div>
        <div class="line"><span class="pill s-${state(job)}"><span class="dot"></span>${job.status}</span><span class="now">${doing(job)}</span></div>
        ${job.message ? html`<p class="why">${plain(job.message)}</p>` : nothing}
        <dl>${this.facts(job)}</dl>
        <div class="line actions">${this.tabs()}${ended(job) ? nothing : html`<button type="button" class="cancel ${this.sure ? 'sure' : ''}"
          @click=${() => this.cancel()}>${Date.now() - this.sure < SURE ? 'Really cancel?' : 'Cancel job'}</button>`}</div>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      </header>
      <div id="panel" role="tabpanel" aria-labelledby="tab-${this.tab}" class="panel" tabindex="0">${this.panel()}</div>`, this.root);
    const now = this.root.querySelector('.events');
    if (now && atEnd) now.parentElement.scrollTop = now.parentElement.scrollHeight;
  }

  facts(job) {
    const fact = (term, value) => value ? html`<div><dt>${term}</dt><dd title=${plain(value)}>${plain(value)}</dd></div>` : nothing;
    return html`${fact('Time', duration((job.finishedAt || Date.now()) - job.createdAt))}${fact('Started', job.startedAt && clock(job.startedAt))}${
      fact('Tokens', job.tokens && count(job.tokens))}${fact('Files', job.files && String(job.files))}${fact('Sandbox', job.sandbox)}${
      fact('Model', job.model)}${fact('Host', job.host)}${fact('Folder', job.directory)}${fact('Server', String(job.server))}${fact('Id', job.jobId)}`;
  }

  tabs() {
    const tab = (key, text) => html`<button type="button" role="tab" id="tab-${key}" aria-controls="panel" aria-selected=${this.tab === key}
      tabindex=${this.tab === key ? 0 : -1} @click=${() => this.choose(key)} @keydown=${event => this.arrow(event)}>${text}</button>`;
    return html`<div role="tablist" aria-label="About this job">${tab('activity', 'Activity')}${tab('result', 'Result')}${tab('changes', 'Changes')}</div>`;
  }

  choose(tab) {
    this.tab = tab;
    this.draw();
    this.follow();
  }

  arrow(event) {
    const all = ['activity', 'result', 'changes'];
    const step = {ArrowRight: 1, ArrowLeft: 2}[event.key];
    if (step) {
      this.choose(all[(all.indexOf(this.tab) + step) % 3]);
      this.root.querySelector('[role=tab][aria-selected=true]').focus();
    }
  }

  panel() {
    const events = this.tab === 'activity' ? this.events : null;
    // The rest of the job changes several times a second, and its events are many.
    if (events && events === this.drawn) return noChange;
    this.drawn = events;
    if (events) return html`<ol class="events">${events.map(event => this.event(event))}</ol>`;
    if (this.tab === 'changes') return changes(this.changes, this.id, this.jobs);
    if (!this.more) return html`<p class="quiet">Loading…</p>`;
    return this.more.message ? html`<div class="message">${plain(this.more.message)}</div>` : html`<p class="quiet">It has not said anything yet.</p>`;
  }

  event({type, content, timestamp}) {
    const [kind, text, more] = words(type, content);
    return text ? html`<li class="e-${kind}"><time datetime=${timestamp}>${clock(timestamp)}</time><div><div class="text">${plain(text)}</div>${
      more ? html`<pre>${plain(more)}</pre>` : nothing}</div></li>` : nothing;
  }
}

/** An event's kind, its text, and what is shown below it. */
function words(type, content) {
  const tail = text => (text || '').trimEnd().split('\n').slice(-12).join('\n');
  if (type === 'message') return ['message', (content.text || '').trim()];
  if (type === 'error') return ['error', content.message || content.error?.message || content.error || JSON.stringify(content)];
  if (type === 'final') return ['final', `Ended: ${content.status}` + (Number.isInteger(content.exitCode) ? `, exit code ${content.exitCode}` : content.exitSignal ? `, ${content.exitSignal}` : '')];
  const item = content.itemType;
  if (item === 'command_execution') {
    return type === 'tool_call' ? ['command', content.command]
      : ['output', content.exitCode ? `exit code ${content.exitCode}` : 'done', tail(content.aggregatedOutput)];
  }
  if (item === 'file_change') {
    return type === 'tool_call' ? ['edit', '']
      : ['edit', (content.changes || []).map(change => `${change.kind?.type || change.kind} ${change.path}`).join('\n')];
  }
  if (type === 'tool_call') return ['tool', content.query || [content.server, content.tool].filter(Boolean).join(' · ')];
  if (type === 'tool_result') return ['tool', ''];
  if (content.kind === 'spawned') return ['quiet', 'Started'];
  if (content.kind === 'queued') return ['quiet', 'Queued'];
  return ['quiet', (content.text || '').replaceAll('**', '')];
}
