'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const all = JSON.parse(byId('data').textContent) || [];
  const rowHeight = 60, mostDestinations = 2000, mostPrinted = 1000;

  // make returns an element. Texts become text, never markup.
  const make = (tag, attributes, ...children) => {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
    e.append(...children);
    return e;
  };
  const iso = (t) => t ? new Date(t * 1000).toISOString().slice(0, 19).replace('T', ' ') : '';
  const plural = (n, word) => n.toLocaleString('en') + ' ' + word + (n === 1 ? '' : 's');
  const grade = (s) => s >= 10 ? 'high' : s >= 5 ? 'middle' : '';
  const scoreText = (f) => f.s === undefined ? '–' : f.s.toFixed(1);

  // A device's own name, without its domain: in the list there is room for what it called.
  const nameOf = (device) => /^[\d.]+$/.test(device) ? device : device.split('.')[0] || device;

  all.forEach((f, i) => {
    f.number = i + 1;
    f.short = f.l.replace(/"[^"]*\\([^"\\]+)"/g, '$1').replace(/(^|[ "])[^ "]*\\(?=[^\\ "])/g, '$1'); // the folders of paths stand in the detail
    f.names = [...new Set((f.t || []).map((r) => r.n))];
    f.haystack = [f.l, f.p, f.i, f.k, ...(f.t || []).map((r) => r.n + ' ' + (r.t || '')), ...(f.x || []).map((l) => l.n + ' ' + (l.t || '')), ...(f.v || []),
      ...(f.r || []).map((r) => r.i)].join('\n').toLowerCase();
    f.where = (f.d || []).join('\n').toLowerCase();
  });

  // The list: only rows in sight are in the page.
  let shown = all, chosen = -1;
  const list = byId('list'), space = byId('space');

  const item = (at) => {
    const f = shown[at];
    const e = make('div', { class: 'item', role: 'option', id: 'o' + at, 'aria-selected': String(at === chosen),
      'aria-setsize': shown.length, 'aria-posinset': at + 1 },
      make('span', { class: 'score ' + grade(f.s) }, scoreText(f)),
      make('span', { class: 'top' }, make('bdi', {}, f.short),
        make('span', { class: 'under' }, [f.dn === 1 ? nameOf(f.d[0]) : plural(f.dn, 'device'), plural(f.rn, 'run'),
          f.names.length ? f.names[0] + (f.names.length > 1 ? ' +' + (f.names.length - 1) : '') : 'no destination',
          f.e ? 'every ' + f.e : ''].filter(Boolean).join(' · '))));
    e.style.top = at * rowHeight + 'px';
    e.addEventListener('click', () => choose(at));
    return e;
  };
  const draw = () => {
    const from = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 5);
    const to = Math.min(shown.length, from + Math.ceil((list.clientHeight || 600) / rowHeight) + 10);
    const rows = [];
    for (let i = from; i < to; i++) rows.push(item(i));
    if (chosen >= 0 && chosen < shown.length && (chosen < from || chosen >= to)) rows.push(item(chosen));
    space.replaceChildren(...rows);
    space.style.height = shown.length * rowHeight + 'px';
    list.hidden = !shown.length; // a list of nothing is no place to be at
  };
  const choose = (at) => {
    if (at < 0 || at >= shown.length) return;
    chosen = at;
    const top = at * rowHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight - list.clientHeight;
    draw();
    list.setAttribute('aria-activedescendant', 'o' + at);
    detail(shown[at]);
    remember();
  };
  list.addEventListener('scroll', () => requestAnimationFrame(draw));
  list.addEventListener('keydown', (e) => {
    const page = Math.max(1, Math.floor(list.clientHeight / rowHeight) - 1);
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + page, PageUp: chosen - page, Home: 0, End: shown.length - 1 }[e.key];
    if (to !== undefined) { e.preventDefault(); choose(Math.min(shown.length - 1, Math.max(0, to))); }
    if (e.key === 'Enter') byId('detail').focus();
  });
  window.addEventListener('resize', draw);
  window.addEventListener('beforeprint', () => {
    space.replaceChildren(...shown.slice(0, mostPrinted).map((_, i) => item(i)));
    if (shown.length > mostPrinted) space.append(make('p', {}, 'and ' + (shown.length - mostPrinted) + ' more'));
  });
  window.addEventListener('afterprint', draw);

  // The filters, which the address remembers.
  const q = byId('q'), device = byId('device'), min = byId('min');
  const own = byId('own') || { checked: true }; // no box where nothing is Windows' own
  const filter = () => {
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean), at = device.value.toLowerCase(), least = parseFloat(min.value);
    shown = all.filter((f) => (own.checked || !f.o) && words.every((w) => f.haystack.includes(w)) && f.where.includes(at) && !(f.s < least));
    byId('shown').textContent = shown.length === all.length ? plural(all.length, 'finding') : shown.length + ' of ' + plural(all.length, 'finding');
    list.scrollTop = 0;
    chosen = -1;
    list.removeAttribute('aria-activedescendant');
    draw();
    if (shown.length) choose(0); else byId('detail').replaceChildren(make('p', {}, all.length ? (all.every((f) => f.o) ? 'All is Windows’ own: the box above the list shows it.' : 'Nothing fits the filters.') : 'There is no finding.'));
    remember();
  };
  const remember = () => {
    const p = new URLSearchParams();
    if (q.value) p.set('q', q.value);
    if (device.value) p.set('device', device.value);
    if (min.value) p.set('min', min.value);
    if (byId('own') && own.checked) p.set('own', '1');
    if (chosen > 0 && shown[chosen].i) p.set('finding', shown[chosen].i);
    try { history.replaceState(null, '', '#' + p); } catch { /* not allowed in some frames */ }
  };
  const recall = () => {
    const p = new URLSearchParams(location.hash.slice(1));
    q.value = p.get('q') || ''; device.value = p.get('device') || ''; min.value = p.get('min') || '';
    own.checked = !byId('own') || p.get('own') === '1' || all.some((f) => f.o && f.i && f.i === p.get('finding'));
    filter();
    const at = shown.findIndex((f) => f.i && f.i === p.get('finding'));
    if (at >= 0) choose(at);
    if (p.get('view')) view(p.get('view'));
  };
  byId('filter').addEventListener('input', filter);
  byId('filter').addEventListener('submit', (e) => e.preventDefault());
  window.addEventListener('hashchange', recall);

  // One finding.
  const detail = (f) => {
    const facts = [f.d.slice(0, 20).join(', ') + (f.dn > 20 ? ' and ' + (f.dn - Math.min(20, f.d.length)) + ' more' : ''), plural(f.rn, 'run'), f.first];
    const parts = [make('h2', {}, make('span', { class: grade(f.s) }, scoreText(f) + (f.s === undefined ? '' : ' bits') + '  '), make('bdi', {}, f.l))];
    if (f.p) parts.push(make('p', {}, make('code', {}, f.p)));
    parts.push(make('p', {}, make('bdi', {}, facts.filter(Boolean).join(' · '))));
    parts.push(make('p', { class: 'soft' }, [iso(f.f) + ' to ' + iso(f.z) + ' UTC', f.i ? 'finding ' + f.i : '', f.k ? 'known: ' + f.k : ''].filter(Boolean).join(' · ')));
    if (f.v) parts.push(make('h3', {}, 'Intel'), make('ul', {}, ...f.v.map((v) => make('li', { class: 'warn' }, make('bdi', {}, v)))));
    if (f.c) parts.push(make('p', { class: 'warn' }, 'not known: ' + f.c.join(', ')));
    if (f.w) parts.push(make('h3', {}, 'Why'), make('table', {}, make('tbody', {}, ...f.w.map((w) =>
      make('tr', {}, make('td', { class: 'n' }, (w.b >= 0 ? '+' : '') + w.b.toFixed(1)), make('th', { scope: 'row' }, w.n || ''), make('td', {}, make('bdi', {}, w.t || '')))))));
    if (f.a) parts.push(make('h3', {}, 'Contacts'), timeLine(f), make('p', { class: 'soft' }, (f.e ? 'every ' + f.e + ', regular to ' + f.b.toFixed(2) + ' of 1. ' : '') + (f.al ? f.al + ' more are not shown.' : '')));
    if (f.t) parts.push(make('h3', {}, 'Destinations'), make('table', {}, make('tbody', {}, ...f.t.slice(0, 50).map((r) =>
      make('tr', {}, make('td', {}, make('bdi', {}, r.t || r.n)), make('td', { class: 'n' }, r.c ? r.c + 'x' : '')))), f.t.length > 50 ? make('caption', {}, 'and ' + (f.t.length - 50) + ' more') : ''));
    parts.push(make('h3', {}, 'Tree'), f.xd ? make('pre', {}, f.xd) : tree(f.x || []));
    if (f.y) parts.push(make('h3', {}, 'Tree that registered the task'), tree(f.y));
    if (f.xl) parts.push(make('p', { class: 'soft' }, 'and ' + plural(f.xl, 'more row')));
    if (f.rn > 1 && f.r) parts.push(make('details', {}, make('summary', {}, 'Runs'), make('ul', {}, ...f.r.map((r) => make('li', {}, make('bdi', {}, r.d), ' ' + iso(r.s) + ' ', make('code', {}, r.i)))),
      f.rn > f.r.length ? make('p', {}, 'and ' + (f.rn - f.r.length) + ' more') : ''));
    byId('detail').replaceChildren(...parts);
  };

  // What an enricher knows of a row.
  const intel = (l) => l.v ? make('span', { class: 'warn' }, ' [', make('bdi', {}, l.v), ']') : '';

  // A process with something below can be folded up.
  const tree = (lines) => {
    const top = make('div', {});
    const open = [{ depth: 0, into: top }];
    lines.forEach((l, i) => {
      if (l.q) {
        open[open.length - 1].into.append(make('div', { class: 'cause' }, '┄ ', l.n + ' ', make('span', {}, l.t || '')));
        return;
      }
      if (!l.d) {
        open[open.length - 1].into.append(make('div', { class: 'call' }, '→ ', make('bdi', {}, l.n), ' ', make('span', { class: 'soft' }, l.t || ''), intel(l)));
        return;
      }
      while (open[open.length - 1].depth >= l.d) open.pop();
      const words = [make('bdi', { class: 'process' }, l.n), make('code', { class: 'command' }, l.t || ''), intel(l)];
      const next = lines[i + 1], into = open[open.length - 1].into;
      if (next && (!next.d || next.d > l.d)) {
        const below = make('details', { open: '' }, make('summary', {}, ...words));
        into.append(below);
        open.push({ depth: l.d, into: below });
      } else {
        into.append(make('div', { class: 'leaf' }, ...words));
      }
    });
    return top;
  };

  // The time line: a line for each of the destinations most called, one for all others, a
  // dot for a contact.
  const timeLine = (f) => {
    const ns = 'http://www.w3.org/2000/svg';
    const put = (parent, tag, attributes, text) => {
      const e = document.createElementNS(ns, tag);
      for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
      if (text) e.textContent = text;
      parent.append(e);
      return e;
    };
    const calls = new Map();
    for (const c of f.a) calls.set(f.t[c.r].n, (calls.get(f.t[c.r].n) || 0) + c.c);
    const names = [...calls.keys()].sort((a, b) => calls.get(b) - calls.get(a)), most = 6;
    const labels = names.length > most ? [...names.slice(0, most - 1), plural(names.length - most + 1, 'other')] : names;
    const laneOf = new Map(names.map((n, i) => [n, Math.min(i, labels.length - 1)]));
    const lanes = labels.length, height = 24 * lanes + 26, width = 760, left = 8;
    const from = Math.min(...f.a.map((c) => c.f)), to = Math.max(...f.a.map((c) => c.l || c.f)), span = Math.max(60, to - from);
    const x = (t) => left + (t - from) / span * (width - 2 * left);
    const svg = document.createElementNS(ns, 'svg');
    svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', plural(f.a.length, 'contact') + ' from ' + iso(from) + ' to ' + iso(to) + ' UTC' + (f.e ? ', every ' + f.e : ''));
    for (let i = 0; i < lanes; i++) {
      put(svg, 'line', { x1: left, x2: width - left, y1: 24 * i + 18, y2: 24 * i + 18 });
      put(svg, 'text', { x: left, y: 24 * i + 10 }, labels[i].slice(0, 70));
    }
    for (const c of f.a) {
      const y = 24 * laneOf.get(f.t[c.r].n) + 18;
      if (c.l) put(svg, 'line', { class: 'bar', x1: x(c.f), x2: x(c.l), y1: y, y2: y });
      for (const t of c.l ? [c.f, c.l] : [c.f]) put(put(svg, 'circle', { class: 'dot', cx: x(t), cy: y, r: 3 }), 'title', {}, iso(t) + ' ' + c.c + 'x ' + f.t[c.r].n);
    }
    put(svg, 'text', { x: left, y: height - 6 }, iso(from));
    put(svg, 'text', { x: width - left, y: height - 6, 'text-anchor': 'end' }, iso(to));
    return svg;
  };

  // Who else talks to a destination.
  const destinations = () => {
    const at = new Map();
    for (const f of all) for (const r of f.t || []) {
      const d = at.get(r.n) || { name: r.n, findings: new Set(), devices: new Set(), count: 0, score: -1 };
      d.findings.add(f.number); f.d.forEach((x) => d.devices.add(x)); d.count += r.c || 0; d.score = Math.max(d.score, f.s === undefined ? -1 : f.s);
      at.set(r.n, d);
    }
    const rows = [...at.values()].sort((a, b) => b.score - a.score || b.findings.size - a.findings.size);
    byId('destination-rows').replaceChildren(...rows.slice(0, mostDestinations).map((d) => {
      const button = make('button', { type: 'button' }, make('bdi', {}, d.name));
      button.addEventListener('click', () => { q.value = d.name; device.value = min.value = ''; own.checked = true; view('findings'); filter(); q.focus(); });
      return make('tr', {}, make('td', {}, button), ...[d.findings.size, d.devices.size, d.count].map((n) => make('td', { class: 'n' }, n.toLocaleString('en'))),
        make('td', { class: 'n ' + grade(d.score) }, d.score < 0 ? '–' : d.score.toFixed(1)));
    }));
    byId('destinations-left').textContent = rows.length > mostDestinations ? 'and ' + (rows.length - mostDestinations) + ' more' : '';
  };

  const views = ['findings', 'destinations', 'run'];
  const view = (name) => {
    if (name === 'destinations') destinations();
    for (const v of views) { byId(v).hidden = v !== name; byId('show-' + v).setAttribute('aria-pressed', String(v === name)); }
    if (name === 'findings') draw();
  };
  for (const v of views) byId('show-' + v).addEventListener('click', () => view(v));

  recall();
})();
