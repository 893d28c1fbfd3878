// The page: takes news in, and draws at most ten times a second.
import {html, render} from '/lib/lit-html.js';
import {follow} from '/feed.js';
import {List} from '/list.js';
import {Detail} from '/detail.js';
import {count, ended, matches, name, needsAttention, order} from '/format.js';

const element = id => document.getElementById(id);
const PACE = 100;

/** The token comes in the part of the address that is never sent, and leaves the address bar at once. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token') || '';
}

const token = takeToken();
const jobs = new Map();
let shown = [];
let state = 'connecting';
let servers = [];
let problems = [];
let filter = '';
let bell = false;
let due = 0;

/** Calls the API; fails with what it says. */
export async function call(path, method = 'GET') {
  const response = await fetch(path, {method, headers: {Authorization: 'Bearer ' + token}});
  const answer = await response.json();
  if (!response.ok || answer.error) throw new Error(answer.error || response.statusText);
  return answer;
}

const detail = new Detail(element('detail'), call, () => list.focus());
const list = new List(element('scroller'), element('rows'), call, id => detail.open(id));

follow(token, news => {
  if (news.all) jobs.clear();
  for (const job of news.jobs) {
    const before = jobs.get(job.jobId);
    jobs.set(job.jobId, job);
    if (before && !ended(before) && ended(job)) ring(job);
  }
  for (const id of news.gone) jobs.delete(id);
  ({state, servers, problems} = news);
  schedule();
});

/** A hidden page is brought up to date when it is seen again. */
function schedule() {
  if (due || document.hidden) return;
  due = setTimeout(() => requestAnimationFrame(draw), PACE);
}

function draw() {
  due = 0;
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...jobs.values()];
  shown = all.filter(job => matches(job, words)).sort(order);
  list.show(shown);
  detail.show(jobs);
  drawTotals(all);
  drawEmpty(all.length);
}

function drawTotals(all) {
  const number = {attention: 0, running: 0, queued: 0, done: 0, failed: 0, canceled: 0};
  let tokens = 0;
  for (const job of all) {
    number[job.status]++;
    if (needsAttention(job)) number.attention++;
    tokens += job.tokens || 0;
  }
  const entry = (key, text, value, always) => value || always ? html`<li class="t-${key}"><b>${value}</b> ${text}</li>` : '';
  render(html`${entry('attention', 'need attention', number.attention)}${entry('running', 'running', number.running, true)}${
    entry('queued', 'queued', number.queued)}${entry('done', 'done', number.done, true)}${entry('failed', 'failed', number.failed)}${
    entry('canceled', 'canceled', number.canceled)}${entry('tokens', 'tokens', count(tokens), true)}`, element('totals'));
  const link = element('link');
  const text = state === 'live' ? servers.length + (servers.length === 1 ? ' server' : ' servers')
    : state === 'connecting' ? 'connecting…' : state === 'refused' ? 'no access' : 'disconnected, retrying…';
  link.dataset.state = state;
  if (link.textContent !== text) link.textContent = text;
  link.title = problems.join('\n') || servers.map(server => `${server.pid} · ${server.directory} · ${server.version}`).join('\n');
  document.title = (number.attention ? `(${number.attention}!) ` : number.running ? `(${number.running}) ` : '') + 'Codex fleet';
}

function drawEmpty(total) {
  const empty = element('empty');
  empty.hidden = shown.length > 0;
  if (shown.length) return;
  const [title, text] = state === 'refused' ? ['This page has no access', 'Open the address that “codex-mcp-server dashboard” printed.']
    : state === 'lost' ? ['The dashboard has ended', 'Start “codex-mcp-server dashboard” again, and open the address it prints.']
      : total ? ['Nothing matches', 'No job matches the filter.']
        : state === 'live' ? ['No jobs yet', 'A server shows up here with its first job.'] : ['Connecting', ''];
  render(html`<h2>${title}</h2><p>${text}</p>`, empty);
}

function ring(job) {
  element('live').textContent = `${name(job)}: ${job.status}`;
  if (bell && document.hidden) {
    new Notification(`${name(job)}: ${job.status}`, {tag: job.jobId, icon: '/icon.svg'});
  }
}

element('bell').addEventListener('click', async () => {
  bell = !bell && 'Notification' in window && await Notification.requestPermission() === 'granted';
  element('bell').setAttribute('aria-pressed', bell);
});
element('search').addEventListener('input', event => {
  filter = event.target.value;
  draw();
});
element('search').addEventListener('keydown', event => {
  if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') {
    event.preventDefault();
    list.focus();
  }
});
element('span').addEventListener('change', event => list.zoomTo(Number(event.target.value)));
document.addEventListener('keydown', event => {
  if (event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    element('search').focus();
  } else if (event.key === 'Escape') {
    detail.close();
  } else if (event.key === '+' || event.key === '=') {
    list.zoomBy(2);
  } else if (event.key === '-' || event.key === '−') {
    list.zoomBy(0.5);
  }
});
setInterval(() => document.hidden ? drawTotals([...jobs.values()]) : schedule(), 1000); // the clocks
document.addEventListener('visibilitychange', schedule);
draw();
