// The rows and their lanes. Only the rows that can be seen are in the document, whatever the number of jobs.
import {html, nothing, render} from '/lib/lit-html.js';
import {Lanes} from '/lanes.js';
import {count, doing, duration, ended, name, plain, state} from '/format.js';

const MARGIN = 6;
const SAY = {attention: 'needs attention'};

export class List {
  constructor(scroller, rows, call, open) {
    Object.assign(this, {scroller, rows, open, jobs: [], selected: null, first: 0, last: 0});
    this.grid = scroller.closest('[role=grid]');
    this.lanes = new Lanes(document.getElementById('axis'), rows, call);
    scroller.addEventListener('scroll', () => this.draw(), {passive: true});
    new ResizeObserver(() => this.resize()).observe(scroller);
    rows.addEventListener('click', event => {
      const row = event.target.closest('[data-id]');
      if (row) this.select(row.dataset.id, true);
    });
    rows.addEventListener('keydown', event => this.key(event));
    this.resize();
  }

  resize() {
    this.height = parseFloat(getComputedStyle(this.scroller).getPropertyValue('--row')) || 44;
    // The heading leaves as much room for a scroll bar as the rows do.
    this.grid.querySelector('.head').classList.toggle('narrowed', this.scroller.offsetWidth > this.scroller.clientWidth);
    this.draw();
  }

  show(jobs) {
    this.jobs = jobs;
    this.hosts = jobs.some(job => job.host);
    this.grid.classList.toggle('hosts', this.hosts);
    if (!jobs.some(job => job.jobId === this.selected)) this.selected = jobs.length ? jobs[0].jobId : null;
    this.draw();
  }

  draw() {
    const {jobs, height, scroller} = this;
    this.first = Math.max(0, Math.floor(scroller.scrollTop / height) - MARGIN);
    this.last = Math.min(jobs.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / height) + MARGIN);
    let visible = jobs.slice(this.first, this.last);
    const at = jobs.findIndex(job => job.jobId === this.selected);
    // The row with the focus stays in the document.
    const extra = at >= 0 && (at < this.first || at >= this.last) ? [jobs[at]] : [];
    this.grid.setAttribute('aria-rowcount', jobs.length + 1);
    const now = Date.now();
    render(html`<div class="spacer" role="presentation"></div><svg class="links" aria-hidden="true"></svg>${
      visible.map((job, i) => this.row(job, this.first + i, now))}${extra.map(job => this.row(job, at, now))}`, this.rows);
    this.rows.querySelector('.spacer').style.height = jobs.length * height + 'px';
    for (const row of this.rows.querySelectorAll('[data-id]')) {
      row.style.transform = `translateY(${row.dataset.at * height}px)`;
    }
    this.lanes.show(jobs, visible, new Map(jobs.map((job, i) => [job.jobId, i])), height);
  }

  row(job, at, now) {
    const kind = state(job);
    const active = job.activeAt && !ended(job) ? now - job.activeAt : 0;
    const id = job.jobId;
    return html`<div role="row" class="row s-${kind}" data-id=${id} data-at=${at} aria-rowindex=${at + 2}
      aria-selected=${id === this.selected} tabindex=${id === this.selected ? 0 : -1}>
      <div role="gridcell" class="c-name"><span class="dot"></span><span class="hidden">${SAY[kind] || kind}</span><span class="label" title=${name(job)}>${name(job)}</span><span class="id">${id.slice(0, 8)}</span></div>
      <div role="gridcell" class="c-doing" title=${doing(job)}>${doing(job)}</div>
      <div role="gridcell" class="c-host">${job.host ? plain(job.host) : nothing}</div>
      <div role="gridcell" class="c-num">${duration((job.finishedAt || now) - job.createdAt)}</div>
      <div role="gridcell" class="c-num c-idle ${active > 120_000 ? 'long' : ''}">${active >= 5000 ? duration(active) : ''}</div>
      <div role="gridcell" class="c-num">${job.tokens ? count(job.tokens) : ''}</div>
      <div role="gridcell" class="c-num">${job.files || ''}</div>
      <div role="gridcell" class="c-lane"><canvas aria-hidden="true"></canvas></div>
    </div>`;
  }

  select(id, open) {
    this.selected = id;
    this.draw();
    this.focus();
    if (open) this.open(id);
  }

  focus() {
    this.rows.querySelector('[aria-selected=true]')?.focus({preventScroll: true});
  }

  key(event) {
    const at = this.jobs.findIndex(job => job.jobId === this.selected);
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.height) - 1);
    const to = {ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.jobs.length - 1}[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.open(this.selected);
    } else if (to !== undefined && this.jobs.length && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const next = Math.max(0, Math.min(this.jobs.length - 1, to));
      const top = next * this.height;
      const {scrollTop, clientHeight} = this.scroller;
      if (top < scrollTop) this.scroller.scrollTop = top;
      else if (top + this.height > scrollTop + clientHeight) this.scroller.scrollTop = top + this.height - clientHeight;
      this.select(this.jobs[next].jobId, false);
    }
  }

  zoomTo(millis) {
    this.lanes.zoomTo(millis);
    this.draw();
  }

  zoomBy(factor) {
    this.lanes.zoomBy(factor);
    this.draw();
  }
}
