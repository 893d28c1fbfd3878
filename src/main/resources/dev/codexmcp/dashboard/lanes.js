// What each job did when, drawn to scale. d3 knows the scale, the axis and the gestures; a lane is a strip of colored steps.
const {axisTop, scaleTime, select, timeFormat, timeMinute, timeSecond, zoom, zoomIdentity, zoomTransform} = window.d3;

const PHASES = ['thinking', 'command', 'patch', 'tool', 'waiting', 'queued', 'held'];
const FRESH = 1000;
const LEAST_SPAN = 10_000;
const STEP = 2;

const seconds = timeFormat('%H:%M:%S');
const minutes = timeFormat('%H:%M');
const days = timeFormat('%b %d');
const tick = time => timeSecond(time) < time ? timeFormat('.%L')(time)
  : timeMinute(time) < time ? seconds(time) : minutes(time) === '00:00' ? days(time) : minutes(time);

export class Lanes {
  constructor(axis, rows, call) {
    Object.assign(this, {axis, rows, call, span: 0, lanes: new Map(), asked: 0, asking: false, visible: []});
    this.scale = scaleTime();
    this.zoom = zoom().scaleExtent([1, 2000]).on('zoom', () => this.draw());
    select(axis).call(this.zoom).on('dblclick.zoom', () => this.reset());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.colors());
    this.colors();
  }

  colors() {
    const style = getComputedStyle(document.documentElement);
    this.color = Object.fromEntries(PHASES.map(phase => [phase, style.getPropertyValue('--' + phase).trim()]));
  }

  reset() {
    select(this.axis).call(this.zoom.transform, zoomIdentity);
  }

  /** Shows the last part of the time, in milliseconds; 0 shows everything. */
  zoomTo(millis) {
    this.span = millis;
    this.reset();
  }

  zoomBy(factor) {
    select(this.axis).call(this.zoom.scaleBy, factor, [this.width, 0]);
  }

  show(jobs, visible, places, height) {
    Object.assign(this, {jobs, visible, places, height});
    this.draw();
  }

  domain() {
    const now = Date.now();
    let start = now - LEAST_SPAN;
    for (const job of this.jobs || []) start = Math.min(start, job.createdAt);
    return this.span ? [now - this.span, now] : [start, now];
  }

  draw() {
    const width = this.axis.parentElement.clientWidth;
    if (!width) return;
    this.width = width;
    const [from, to] = this.domain();
    this.zoom.extent([[0, 0], [width, 28]]).translateExtent([[0, 0], [width, 28]]);
    this.scale.domain([from, to]).range([0, width]);
    const shown = zoomTransform(this.axis).rescaleX(this.scale);
    this.shown = shown;
    this.axis.setAttribute('width', width);
    select(this.axis).selectAll('g').data([0]).join('g').attr('transform', 'translate(0,27)')
      .call(axisTop(shown).ticks(Math.max(2, Math.floor(width / 90))).tickSize(4).tickFormat(tick));
    const rows = new Map([...this.rows.querySelectorAll('[data-id]')].map(row => [row.dataset.id, row]));
    for (const job of this.visible) this.paint(rows.get(job.jobId)?.querySelector('canvas'), job);
    this.links();
    this.refresh();
  }

  paint(canvas, job) {
    if (!canvas) return;
    const ratio = devicePixelRatio || 1;
    const w = Math.round(this.width * ratio);
    const h = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, {width: w, height: h});
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, w, h);
    const known = this.lanes.get(job.jobId);
    const x = time => this.shown(time) * ratio;
    if (known) {
      const time = step => known.from + (known.to - known.from) * step / known.steps;
      for (let i = 0; i + 2 < known.lane.length; i += 2) {
        this.bar(context, known.lane[i + 1], x(time(known.lane[i])), x(time(known.lane[i + 2])), h, ratio);
      }
      // What has happened since the lane was fetched continues as before.
      const lane = known.lane;
      if (!job.finishedAt && lane.length > 2 && lane[lane.length - 1] === known.steps) {
        this.bar(context, lane[lane.length - 2], x(known.to), x(Date.now()), h, ratio);
      }
    }
  }

  bar(context, phase, left, right, height, ratio) {
    if (!phase || right < 0 || left > this.width * ratio) return;
    context.fillStyle = this.color[phase] || this.color.thinking;
    const thin = phase === 'queued' || phase === 'held' ? height * 0.42 : phase === 'thinking' ? height * 0.18 : 0;
    context.fillRect(left, thin, Math.max(ratio * (phase === 'patch' ? 2.5 : 0.75), right - left), height - 2 * thin);
  }

  /** A line from the end of each job to the start of those that depend on it. */
  links() {
    const svg = this.rows.querySelector('.links');
    const lane = this.rows.querySelector('.c-lane');
    if (!svg || !lane) return;
    const offset = lane.offsetLeft;
    const paths = [];
    const middle = at => (at + 0.5) * this.height;
    const byId = new Map((this.jobs || []).map(job => [job.jobId, job]));
    for (const job of this.visible) {
      for (const id of job.dependsOn || []) {
        const before = byId.get(id);
        if (!before) continue;
        const x1 = offset + Math.max(0, Math.min(this.width, this.shown(before.finishedAt || Date.now())));
        const x2 = offset + Math.max(0, Math.min(this.width, this.shown(job.startedAt || Date.now())));
        paths.push(`M${x1},${middle(this.places.get(id))} C${x1 + 14},${middle(this.places.get(id))} ${x2 - 14},${middle(this.places.get(job.jobId))} ${x2},${middle(this.places.get(job.jobId))}`);
      }
    }
    select(svg).attr('height', (this.jobs || []).length * this.height).selectAll('path').data(paths).join('path').attr('d', path => path);
  }

  /** Fetches the lanes that can be seen, once a second while a job runs. */
  async refresh() {
    const [from, to] = this.shown.domain().map(Number);
    const steps = Math.max(20, Math.min(1000, Math.round(this.width / STEP)));
    const wanted = this.visible.filter(job => {
      const known = this.lanes.get(job.jobId);
      const step = (to - from) / steps;
      const settled = known && known.final && job.finishedAt && Math.abs(known.from - from) < 4 * step && Math.abs(known.to - to) < 40 * step;
      return !settled;
    });
    if (this.asking || !wanted.length || Date.now() - this.asked < FRESH) return;
    this.asking = true;
    this.asked = Date.now();
    try {
      const ids = wanted.slice(0, 100).map(job => job.jobId);
      const answer = await this.call(`/api/lanes?ids=${ids.join(',')}&from=${Math.round(from)}&to=${Math.round(to)}&steps=${steps}`);
      const keep = new Set(this.visible.map(job => job.jobId));
      for (const id of this.lanes.keys()) if (!keep.has(id)) this.lanes.delete(id);
      for (const job of wanted) {
        const lane = answer.lanes[job.jobId];
        if (lane) this.lanes.set(job.jobId, {lane, from: answer.from, to: answer.to, steps: answer.steps, final: !!job.finishedAt});
      }
    } catch (failure) {
      // The stream shows whether the servers are gone.
    }
    this.asking = false;
    this.draw();
  }
}
