// Follows the jobs over one stream. In a shared worker, one stream serves all pages: a browser opens six connections to a
// host at most, and each stream holds one.

/** Keeps the jobs up to date and passes news on. */
export class Feed {
  constructor(emit) {
    this.emit = emit;
    this.jobs = new Map();
    this.state = 'connecting';
    this.servers = [];
    this.problems = [];
  }

  start(token) {
    if (token === this.token && this.state !== 'refused') return;
    this.token = token;
    this.abort?.abort();
    this.run(this.abort = new AbortController());
  }

  /** Everything, for a page that has just come. */
  all() {
    return {all: true, state: this.state, servers: this.servers, problems: this.problems, jobs: [...this.jobs.values()], gone: []};
  }

  async run(abort) {
    let pause = 500;
    while (!abort.signal.aborted) {
      try {
        const response = await fetch('/api/stream', {headers: {Authorization: 'Bearer ' + this.token}, signal: abort.signal, cache: 'no-store'});
        if (response.status === 401) return this.become('refused');
        if (!response.ok) throw new Error(response.status);
        pause = 500;
        await this.read(response.body.getReader());
      } catch (failure) {
        if (abort.signal.aborted) return;
      }
      this.become('lost');
      await new Promise(resolve => setTimeout(resolve, pause));
      pause = Math.min(5000, pause * 2);
    }
  }

  async read(reader) {
    const decoder = new TextDecoder();
    let fresh = true;
    let rest = '';
    while (true) {
      const {value, done} = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, {stream: true})).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        this.take(JSON.parse(line), fresh);
        fresh = false;
      }
    }
  }

  take(news, fresh) {
    if (fresh) this.jobs.clear();
    for (const job of news.jobs) this.jobs.set(job.jobId, job);
    for (const id of news.gone) this.jobs.delete(id);
    this.state = 'live';
    this.servers = news.servers;
    this.problems = news.problems;
    this.emit(fresh ? this.all() : {...news, state: 'live'});
  }

  become(state) {
    this.state = state;
    if (state === 'lost') this.jobs.clear();
    this.emit(this.all());
  }
}

// A page whose tab is hidden speaks once a minute at most.
const PATIENCE = 180_000;

if (typeof SharedWorkerGlobalScope !== 'undefined' && self instanceof SharedWorkerGlobalScope) {
  const pages = new Map();
  const feed = new Feed(news => {
    for (const [port, heard] of pages) {
      if (Date.now() - heard > PATIENCE) pages.delete(port);
      else port.postMessage(news);
    }
    if (!pages.size) close();
  });
  self.onconnect = event => {
    const port = event.ports[0];
    port.onmessage = ({data}) => {
      if (data.bye) return pages.delete(port);
      const known = pages.has(port);
      pages.set(port, Date.now());
      if (data.token) feed.start(data.token);
      if (!known) port.postMessage(feed.all());
    };
  };
}

/** Follows the jobs for a page. */
export function follow(token, emit) {
  if (typeof SharedWorker === 'undefined') {
    new Feed(emit).start(token);
    return;
  }
  const {port} = new SharedWorker('/feed.js', {type: 'module', name: 'feed-' + token.slice(0, 8)});
  port.onmessage = ({data}) => emit(data);
  const hello = () => port.postMessage({token});
  hello();
  setInterval(hello, 30_000);
  addEventListener('pagehide', () => port.postMessage({bye: true}));
  addEventListener('pageshow', event => event.persisted && hello());
}
