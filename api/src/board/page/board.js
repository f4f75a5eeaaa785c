"use strict";
(() => {
  const DOCUMENT = "{document}";
  const main = document.querySelector("main");
  const at = (id) => document.getElementById(id);
  const words = at("notice").dataset;
  const kept = `board ${location.pathname}`;
  // What the server says when it won't show this board again.
  const FINAL = ["LINK_EXPIRED", "FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"];

  let ticket = sessionStorage.getItem(kept);
  let socket = null;
  let online = false;
  let ended = false;
  let tries = 0;
  // What came last, and when: by two clocks, as one of them may stand still while the machine sleeps.
  let board = null;
  let came = { wall: 0, run: 0 };
  let heard = 0;

  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const since = () => Math.max(Date.now() - came.wall, performance.now() - came.run);
  /** The server's time, as far as it can be told here. */
  const now = () => Date.parse(board.now) + since();
  const clock = (time) =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: board.timeZone }).format(Date.parse(time));

  function notice() {
    if (ended) return `${words.ended}\n${words.reopen}`;
    if (!online || !board) return board || tries ? `${words.offline}\n${words.again}` : "";
    if (board.phase === "EARLY") return `${words.early}\n${words.from} ${clock(board.opensAt)}`;
    if (board.phase === "OVER") return words.over;
    return `${words.offline}\n${words.again}`;
  }

  /** Shows what is known. An old code is never shown. */
  function show() {
    const valid = !ended && board?.code && now() < Date.parse(board.showUntil);
    main.dataset.shows = valid ? "code" : "notice";
    main.dataset.online = online ? "yes" : "no";
    write(at("notice"), valid ? "" : notice());
    write(at("hint"), online ? at("hint").dataset.hint : at("hint").dataset.offline);
    if (!valid) {
      at("qr").replaceChildren();
      at("digits").querySelectorAll("span").forEach((span) => write(span, ""));
    }
  }

  function take(news) {
    const changed = news.code && news.code.digits !== board?.code?.digits;
    board = news;
    came = { wall: Date.now(), run: performance.now() };
    tries = 0;
    document.title = news.title;
    write(at("title"), news.title);
    const { expected, present, late, onLeave } = news.tally;
    // Who came late is here, too.
    for (const [id, count] of Object.entries({ expected, present: present + late, late, onLeave })) {
      write(at(id), String(count));
    }
    if (changed || (news.code && !at("qr").firstChild)) {
      const drawn = new DOMParser().parseFromString(news.code.qrSvg, "image/svg+xml").documentElement;
      at("qr").replaceChildren(document.importNode(drawn, true));
      const [first, second] = at("digits").children;
      write(first, news.code.digits.slice(0, 3));
      write(second, news.code.digits.slice(3));
    }
    show();
  }

  function end() {
    ended = true;
    sessionStorage.removeItem(kept);
    socket?.close();
    show();
  }

  function again() {
    online = false;
    socket = null;
    if (ended) return;
    // Not all screens of a house at once.
    const pause = Math.min(8000, 500 * 2 ** tries++) * (0.5 + Math.random() / 2);
    show();
    setTimeout(connect, pause);
  }

  function failed(errors) {
    if (errors.some((error) => FINAL.includes(error.extensions?.code))) end();
    else socket?.close();
  }

  function connect() {
    if (ended || socket) return;
    const address = new URL("../graphql", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const mine = new WebSocket(address, "graphql-transport-ws");
    const say = (message) => mine.send(JSON.stringify(message));
    let lost = false;
    const lose = (event) => {
      if (lost) return;
      lost = true;
      if (event?.code === 4403) end();
      again();
    };
    socket = { say, close: () => { mine.close(); lose(); }, isOpen: () => mine.readyState === WebSocket.OPEN };
    heard = performance.now();
    mine.onopen = () => say({ type: "connection_init", payload: { board: ticket } });
    mine.onclose = lose;
    mine.onmessage = ({ data }) => {
      if (lost) return;
      heard = performance.now();
      const message = JSON.parse(data);
      if (message.type === "connection_ack") {
        online = true;
        say({ type: "subscribe", id: "1", payload: { query: DOCUMENT } });
      } else if (message.type === "next" && message.payload.data?.board) {
        take(message.payload.data.board);
      } else if (message.type === "next") {
        failed(message.payload.errors ?? []);
      } else if (message.type === "error") {
        failed(message.payload);
      } else if (message.type === "complete") {
        socket?.close();
      } else if (message.type === "ping") {
        say({ type: "pong" });
      }
    };
  }

  /** Follows the link; where the network fails, it tries on. */
  async function enter(link) {
    for (let wait = 500; !ended; wait = Math.min(8000, wait * 2)) {
      try {
        const answer = await fetch(`${location.pathname}/enter`, { method: "POST", body: link });
        if (answer.ok) {
          ticket = await answer.text();
          sessionStorage.setItem(kept, ticket);
          return;
        }
        if (answer.status < 500 && answer.status !== 429) return end();
      } catch {
        // There is no network; the notice says so.
      }
      tries += 1;
      show();
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  /** Keeps a phone's screen lit while the page is looked at. */
  async function stayAwake() {
    if (document.visibilityState !== "visible") return;
    show();
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // Where it isn't allowed the phone's own setting holds.
    }
  }

  async function start() {
    const link = location.hash.slice(1);
    if (link) {
      history.replaceState(null, "", location.pathname + location.search);
      await enter(link);
    }
    if (!ticket && !ended) end();
    connect();
  }

  setInterval(() => {
    const silent = performance.now() - heard;
    if (socket && silent > 7000) socket.close();
    else if (socket?.isOpen() && online && silent > 3000) socket.say({ type: "ping" });
    show();
  }, 200);
  addEventListener("online", () => { tries = 0; connect(); });
  addEventListener("offline", () => socket?.close());
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  start();
})();
