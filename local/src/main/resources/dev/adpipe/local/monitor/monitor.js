// Draws what /api/state tells, every two seconds. Keeps half an hour of samples; asks for the new ones only.
(function () {
  'use strict';
  const KEEP = 30 * 60 * 1000, SHORTEST = 60 * 1000;
  const MARKS = { running: '●', restoring: '◐', rebalancing: '◐', stuck: '▲', stopped: '■' };
  const samples = new Map();
  let chosen = decodeURIComponent(location.hash.slice(1)), newest = 0, state = null;

  const $ = id => document.getElementById(id);
  const id = p => p.customer + '.' + p.name;
  const known = x => x !== null && x !== undefined;

  function el(tag, attrs, ...children) {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attrs || {})) e.setAttribute(k, v);
    e.append(...children.filter(known));
    return e;
  }

  const count = n => Math.round(n).toLocaleString('en');
  const rate = n => !known(n) ? '–' : (n >= 10 || n === 0 ? count(n) : n.toFixed(1)) + '/s';
  function percent(x) {
    if (!known(x)) return '–';
    const digits = x === 0 || x === 1 ? 0 : x < 0.00995 ? 2 : x < 0.0995 || x > 0.99 ? 1 : 0;
    return (x * 100).toFixed(digits) + ' %';
  }
  function seconds(s) {
    if (!known(s)) return '–';
    if (s < 10) return s.toFixed(1) + ' s';
    if (s < 120) return Math.round(s) + ' s';
    if (s < 7200) return Math.floor(s / 60) + ' min ' + Math.round(s % 60) + ' s';
    return (s / 3600).toFixed(1) + ' h';
  }

  /* A chart of [time, value] pairs. The largest value of each pixel is drawn: a peak must not vanish. */
  function chart(box, points, from, to, format, top) {
    const width = Math.max(120, box.clientWidth - parseFloat(getComputedStyle(box).paddingLeft) * 2);
    const height = box.classList.contains('wide') ? 80 : 78, left = 0, base = height - 16;
    const largest = Math.max(top || 0, nice(Math.max(0, ...points.map(p => p[1]))));
    const x = t => left + (t - from) / (to - from) * (width - left);
    const y = v => base - v / largest * (base - 12);
    const pixels = new Map();
    for (const [t, v] of points) {
      const at = Math.round(x(t));
      pixels.set(at, Math.max(v, pixels.has(at) ? pixels.get(at) : 0));
    }
    const xy = [...pixels].map(([at, v]) => at + ' ' + y(v).toFixed(1));
    const line = xy.length ? 'M' + xy.join('L') : '';
    const ends = [...pixels.keys()];
    const area = xy.length ? line + 'L' + ends[ends.length - 1] + ' ' + base + 'L' + ends[0] + ' ' + base + 'Z' : '';
    const minutes = (to - from) / 60000;
    box.innerHTML = '<svg viewBox="0 0 ' + width + ' ' + height + '" data-points="' + points.length + '" role="img" aria-label="'
      + (points.length ? 'from ' + format(points[0][1]) + ' to ' + format(points[points.length - 1][1]) : 'no data yet') + '">'
      + '<line x1="0" x2="' + width + '" y1="' + base + '" y2="' + base + '"/>'
      + '<line x1="0" x2="' + width + '" y1="12" y2="12" stroke-dasharray="2 3"/>'
      + '<path class="a" d="' + area + '"/><path class="l" d="' + line + '"/>'
      + '<text x="0" y="9">' + format(largest) + '</text>'
      + '<text x="0" y="' + (height - 3) + '">' + Math.round(minutes) + ' min ago</text>'
      + '<text x="' + width + '" y="' + (height - 3) + '" text-anchor="end">now</text></svg>';
  }

  function nice(v) {
    if (v <= 0) return 1;
    const power = Math.pow(10, Math.floor(Math.log10(v)));
    return [1, 2, 5, 10].map(m => m * power).find(m => m >= v * 0.999);
  }

  function series(all, stage, field) {
    return all.filter(s => s.stages[stage] && known(s.stages[stage][field])).map(s => [s.at, s.stages[stage][field]]);
  }

  function latest(all, stage, field) {
    // Over ten seconds: rates of single samples jump with the commits.
    const values = series(all.slice(-5), stage, field).map(p => p[1]);
    return values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;
  }

  function figure(name, value, points, range, format, top) {
    const box = el('div', { class: 'chart', 'data-chart': name });
    const f = el('figure', {}, el('figcaption', {}, name, el('b', {}, value)), box);
    return [f, () => chart(box, points, range[0], range[1], format, top)];
  }

  function flow(p, all) {
    const boxes = [el('div', { class: 'end' }, el('h3', {}, 'raw'), ...p.rawTopics.map(t => el('small', {}, t)))];
    for (const s of p.stages) {
      const busy = latest(all, s.stage, 'utilization');
      const facts = el('dl', { class: 'facts' });
      const fact = (name, value) => facts.append(el('dt', {}, name), el('dd', {}, value));
      fact('records', count(s.backlogRecords));
      fact('in', rate(latest(all, s.stage, 'perSecond')));
      fact('out', rate(latest(all, s.stage, 'emittedPerSecond')));
      fact('busy', percent(busy));
      boxes.push(el('div', { class: 'arrow', 'aria-hidden': 'true' }), el('div',
        { class: 'stage', 'data-stage': s.stage, 'data-word': s.word, 'data-backlog': s.backlogRecords },
        el('div', { class: 'head' }, el('h3', {}, s.stage),
          el('span', { class: 'word ' + s.word }, MARKS[s.word] + ' ' + s.word)),
        el('div', { class: 'why' }, s.why),
        el('div', { class: 'big' }, seconds(s.backlogSeconds) + ' ', el('small', {}, 'behind')),
        facts,
        el('div', { class: 'meter', 'aria-hidden': 'true' }, el('i', { style: 'width:' + Math.round(100 * (busy || 0)) + '%' }))));
    }
    boxes.push(el('div', { class: 'arrow', 'aria-hidden': 'true' }), el('div', { class: 'end' },
      el('h3', {}, p.sink === 'Topic' ? 'rows' : 'Druid'), el('small', {}, id(p) + '.rows')));
    $('flow').replaceChildren(...boxes);
  }

  function stages(p, all, range) {
    const draw = [];
    const card = (title, figures) => {
      figures.forEach(f => draw.push(f[1]));
      return el('div', { class: 'card' }, el('h3', {}, title), ...figures.map(f => f[0]));
    };
    $('stages').replaceChildren(...p.stages.map(s => card(s.stage, [
      figure('backlog, seconds', seconds(s.backlogSeconds), series(all, s.stage, 'backlogSeconds'), range, seconds, 1),
      figure('rate in', rate(latest(all, s.stage, 'perSecond')), series(all, s.stage, 'perSecond'), range, rate),
      figure('busy', percent(latest(all, s.stage, 'utilization')), series(all, s.stage, 'utilization'), range, percent, 1)])));
    const at = name => p.stages.find(s => s.stage === name);
    const fates = [];
    const share = (stage, field) => all.filter(s => s.stages[stage] && s.stages[stage].perSecond > 0)
      .map(s => [s.at, s.stages[stage][field] / s.stages[stage].perSecond]);
    const fate = (title, stage, field, total) => {
      const s = at(stage);
      if (!s) return;
      fates.push(card(title, [figure('per second', count(total(s.books)) + ' in all, ' + percent(total(s.books) / Math.max(1, s.books.in)),
        series(all, stage, field), range, rate)]));
    };
    const join = at('join');
    if (join) {
      const b = join.books, judged = Math.max(1, b.emitted + b.unmatched);
      fates.push(card('matched by the join', [figure('share of the events',
        percent(b.emitted / judged) + ' in all', share('join', 'emittedPerSecond').map(([t, v]) => [t, Math.min(1, v)]), range, percent, 1)]));
    }
    fate('unmatched, join', 'join', 'unmatchedPerSecond', b => b.unmatched);
    fate('duplicates, join', 'join', 'duplicatePerSecond', b => b.duplicate);
    for (const s of p.stages) {
      if (s.stage !== 'join' || s.books.deadLetter) fate('dead letters, ' + s.stage, s.stage, 'deadLetterPerSecond', b => b.deadLetter);
    }
    $('fates').replaceChildren(...fates);
    draw.forEach(d => d());
    const delays = all.filter(s => known(s.endToEndSeconds)).map(s => [s.at, s.endToEndSeconds]);
    chart(document.querySelector('[data-chart=delay]'), delays, range[0], range[1], seconds, 1);
    $('delay').textContent = seconds(p.endToEndSeconds);
  }

  function books(p) {
    const columns = [['in', 'in'], ['added', 'added', '+'], ['emitted', 'emitted', '='], ['duplicate', 'duplicate', '+'],
      ['unmatched', 'unmatched', '+'], ['deadLetter', 'dead letters', '+'], ['held', 'held', '+']];
    const head = el('tr', {}, el('th', {}, 'stage'));
    columns.forEach(([, name, op]) => { if (op) head.append(el('th', { class: 'op' })); head.append(el('th', {}, name)); });
    const rows = p.stages.map(s => {
      const tr = el('tr', {}, el('th', { scope: 'row' }, s.stage));
      columns.forEach(([key, name, op]) => {
        if (op) tr.append(el('td', { class: 'op' }, op));
        tr.append(el('td', { 'data-name': name }, count(s.books[key])));
      });
      return tr;
    });
    $('books').replaceChildren(el('thead', {}, head), el('tbody', {}, ...rows));
    const off = p.stages.filter(s => s.books.imbalance !== 0);
    $('balance').textContent = off.length ? '▲ do not balance: ' + off.map(s => s.stage + ' by ' + s.books.imbalance).join(', ') : '● balance';
    $('balance').className = 'now ' + (off.length ? 'stopped' : 'running');
    const reasons = [];
    for (const s of p.stages) {
      for (const [key, name] of [['unmatchedBy', 'unmatched'], ['deadLetterBy', 'dead letters']]) {
        const by = Object.entries(s.books[key]).sort((a, b) => b[1] - a[1]);
        if (by.length) reasons.push(el('dt', {}, s.stage + ', ' + name), el('dd', {}, by.map(([r, n]) => r + ' ' + count(n)).join(', ')));
      }
    }
    $('reasons').replaceChildren(...reasons);
  }

  function groups(p) {
    $('groups').replaceChildren(...p.stages.map(s => el('div', { class: 'card' },
      el('h3', {}, s.stage),
      el('div', { class: 'why' }, s.group + ': ' + s.groupState),
      el('ul', {}, ...(s.members.length ? s.members.map(m => el('li', {}, el('span', {}, m))) : [el('li', {}, 'no member')])),
      el('ul', {}, ...s.partitions.map(x => el('li', {}, el('span', {}, x.name),
        el('span', {}, seconds(x.seconds) + ', ' + count(x.records))))))));
  }

  function draw() {
    if (!state) return;
    const p = state.pipelines.find(x => id(x) === chosen) || state.pipelines[0];
    const all = samples.get(id(p)) || [];
    const to = state.now, from = Math.min(to - SHORTEST, all.length ? all[0].at : to);
    $('pipelines').replaceChildren(...(state.pipelines.length > 1 ? state.pipelines : []).map(x => {
      const worst = x.stages.find(s => s.word === 'stopped' || s.word === 'stuck');
      const b = el('button', { type: 'button', 'aria-pressed': id(x) === id(p) }, (worst ? '▲ ' : '') + id(x));
      b.onclick = () => { chosen = id(x); location.hash = chosen; draw(); };
      return b;
    }));
    $('title').textContent = id(p);
    document.title = id(p) + ' – adpipe';
    $('error').hidden = !p.error;
    $('error').textContent = p.error ? '▲ Kafka cannot be asked' + (p.lookedAt ? ' since ' + new Date(p.lookedAt).toLocaleTimeString() : '') + ': ' + p.error : '';
    $('looked').textContent = p.lookedAt ? 'seen from outside the jobs, ' + new Date(p.lookedAt).toLocaleTimeString() : 'not looked yet';
    $('main').hidden = !p.stages.length;
    if (!p.stages.length) return;
    document.querySelectorAll('.span').forEach(e => { e.textContent = 'last ' + Math.max(1, Math.round((to - from) / 60000)) + ' min'; });
    flow(p, all);
    stages(p, all, [from, to]);
    books(p);
    groups(p);
  }

  async function look() {
    try {
      const answer = await fetch('api/state?since=' + newest, { cache: 'no-store' });
      state = await answer.json();
      for (const p of state.pipelines) {
        const all = (samples.get(id(p)) || []).concat(p.samples);
        while (all.length && all[0].at < state.now - KEEP) all.shift();
        samples.set(id(p), all);
      }
      const ends = state.pipelines.map(p => (samples.get(id(p)) || []).slice(-1).map(s => s.at)[0] || 0);
      newest = Math.min(...ends);
      for (const p of state.pipelines) {
        // Another pipeline may be behind: what comes twice is taken once.
        const seen = new Map((samples.get(id(p)) || []).map(s => [s.at, s]));
        samples.set(id(p), [...seen.values()]);
      }
      draw();
    } catch (e) {
      $('error').hidden = false;
      $('error').textContent = '▲ the monitor does not answer: ' + e.message;
    }
    setTimeout(look, 2000);
  }

  addEventListener('resize', draw);
  look();
})();
