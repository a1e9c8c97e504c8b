// The tree of the contact structure: keys, branches on demand, the panel beside it. Without it the tree is a list of
// links, and each link leads to a page with the tree opened down to it.
"use strict";

(() => {
  const tree = document.getElementById("tree");
  const panel = document.getElementById("node-panel");
  const SIGN = 28; // px: where in a link the sign stands that opens it
  const MOST_OPEN = 20;
  const SMALL = matchMedia("(max-width: 991px)");
  const TYPING = 700; // ms in which further letters belong to the same word

  const items = () => [...tree.querySelectorAll("[role=treeitem]")].filter((item) => !item.closest("ul[hidden]"));
  const groupOf = (item) => item.parentElement.querySelector(":scope > ul");
  const idOf = (item) => item.pathname.split("/").at(-2);
  const isOpen = (item) => item.getAttribute("aria-expanded") === "true";
  const canOpen = (item) => item.hasAttribute("aria-expanded");

  // --- Which node takes part in Tab ------------------------------------------------------------------------------

  function rove(item) {
    for (const other of tree.querySelectorAll("[role=treeitem][tabindex='0']")) other.tabIndex = -1;
    item.tabIndex = 0;
  }

  function prepare(scope) {
    for (const item of scope.querySelectorAll("[role=treeitem]:not([tabindex])")) item.tabIndex = -1;
  }

  function focus(item) {
    if (!item) return;
    rove(item);
    item.focus();
  }

  // --- Opening and closing -----------------------------------------------------------------------------------------

  async function load(url, into, swap, item) {
    item.setAttribute("aria-busy", "true");
    try {
      // Each node asks by itself: of several questions of one source htmx keeps the last alone, and * opens many.
      await htmx.ajax("GET", url, { source: item, target: into, swap });
    } finally {
      item.removeAttribute("aria-busy");
    }
    prepare(tree);
  }

  async function open(item) {
    if (!canOpen(item) || isOpen(item)) return;
    let group = groupOf(item);
    if (!group) {
      group = document.createElement("ul");
      group.setAttribute("role", "group");
      group.id = `b${idOf(item)}`;
      group.hidden = true;
      group.dataset.quiet = "";
      item.parentElement.append(group);
      await load(`${tree.dataset.branchUrl}?gruppe=${idOf(item)}`, group, "innerHTML", item);
      if (!group.childElementCount) return group.remove();
    }
    group.hidden = false;
    item.setAttribute("aria-owns", group.id);
    item.setAttribute("aria-expanded", "true");
    remember();
  }

  function close(item) {
    if (!isOpen(item)) return;
    const group = groupOf(item);
    if (group.contains(document.activeElement)) focus(item);
    if (group.querySelector("[tabindex='0']")) rove(item);
    group.hidden = true;
    item.removeAttribute("aria-owns");
    item.setAttribute("aria-expanded", "false");
    remember();
  }

  async function more(item) {
    const before = item.parentElement.previousElementSibling;
    const list = item.parentElement.parentElement;
    list.dataset.quiet = "";
    await load(item.dataset.more, item.parentElement, "outerHTML", item);
    const first = before ? before.nextElementSibling : list.firstElementChild;
    focus(first?.querySelector("[role=treeitem]"));
  }

  async function openAll() {
    await load(`${tree.dataset.branchUrl}?gruppe=alt`, tree, "innerHTML", tree);
    mark(location.pathname);
    rove(tree.querySelector("[aria-current]") || items()[0]);
    remember();
  }

  function closeAll() {
    for (const item of items().reverse()) close(item);
    rove(items()[0]);
  }

  // --- The state in the URL ----------------------------------------------------------------------------------------

  function opened() {
    return items().filter(isOpen).slice(0, MOST_OPEN).map(idOf).join(",");
  }

  function withState(href) {
    const url = new URL(href, location.href);
    url.searchParams.delete("aaben");
    for (const [key, value] of new URLSearchParams(tree.dataset.filters)) url.searchParams.set(key, value);
    const ids = opened();
    return ids ? `${url.pathname}${url.search}${url.search ? "&" : "?"}aaben=${ids}${url.hash}` : `${url.pathname}${url.search}${url.hash}`;
  }

  function remember() {
    history.replaceState(history.state, "", withState(location.href));
  }

  // --- Showing a node beside the tree ------------------------------------------------------------------------------

  function mark(path) {
    tree.querySelector("[aria-current]")?.removeAttribute("aria-current");
    for (const item of tree.querySelectorAll("a:not(.more)")) {
      if (item.pathname === path) return item.setAttribute("aria-current", "true");
    }
  }

  async function show(item) {
    if (item.classList.contains("more")) return more(item);
    const url = withState(item.href);
    // What is being written is not thrown away: the browser asks when it leaves the page. A small screen shows one
    // thing at a time.
    if (SMALL.matches || document.querySelector("form.is-unsaved")) return location.assign(url);
    rove(item);
    await htmx.ajax("GET", item.href, { target: panel, swap: "innerHTML" });
    history.pushState({ tree: true }, "", url);
    mark(item.pathname);
    item.setAttribute("aria-current", "true");
    // Whoever chose a node wants to read it: the focus goes to its heading, and is announced.
    const heading = panel.querySelector("h1");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "nearest" });
  }

  // --- Keys --------------------------------------------------------------------------------------------------------

  let typed = "";
  let typedAt = 0;

  function find(letter, from) {
    typed = Date.now() - typedAt > TYPING ? letter : typed + letter;
    typedAt = Date.now();
    const all = items();
    const start = all.indexOf(from) + (typed.length === 1 ? 1 : 0);
    const rotated = [...all.slice(start), ...all.slice(0, start)];
    focus(rotated.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(typed.toLocaleLowerCase())));
  }

  function step(item, by) {
    const all = items();
    focus(all[all.indexOf(item) + by]);
  }

  function siblings(item) {
    return [...item.parentElement.parentElement.querySelectorAll(":scope > li > [role=treeitem]")];
  }

  const KEYS = {
    ArrowDown: (item) => step(item, 1),
    ArrowUp: (item) => step(item, -1),
    ArrowRight: (item) => (isOpen(item) ? step(item, 1) : open(item)),
    ArrowLeft: (item) => (isOpen(item) ? close(item) : focus(item.closest("ul[role=group]")?.parentElement.querySelector("[role=treeitem]"))),
    Home: () => focus(items()[0]),
    End: () => focus(items().at(-1)),
    Enter: (item) => show(item),
    " ": (item) => show(item),
    "*": (item) => siblings(item).forEach(open),
  };

  function onKey(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = KEYS[event.key];
    if (act) act(item);
    else if (event.key.length === 1 && /\S/.test(event.key)) find(event.key, item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function onClick(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const onSign = event.clientX && event.clientX - item.getBoundingClientRect().left < SIGN;
    if (onSign && canOpen(item)) {
      rove(item);
      return isOpen(item) ? close(item) : open(item);
    }
    show(item);
  }

  // Links and forms beside the tree take along which branches are open, so that the next page opens them too.
  function carry(event) {
    const link = event.target.closest("#node-panel a[href]");
    if (link?.pathname.startsWith(tree.dataset.rootUrl) && !link.hasAttribute("download")) link.href = withState(link.href);
  }

  function carryForm(event) {
    const form = event.target;
    if (form.method === "post" && form.closest("#node-panel, .structure-tree")) form.action = withState(form.action);
  }

  if (tree) {
    prepare(tree);
    rove(tree.querySelector("[aria-current]") || items()[0]);
    tree.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    tree.addEventListener("keydown", onKey);
    tree.addEventListener("click", onClick);
    tree.addEventListener("focusin", (event) => rove(event.target));
    tree.addEventListener("tree:open", (event) => open(event.target));
    document.querySelector("[data-tree-all]")?.addEventListener("click", openAll);
    document.querySelector("[data-tree-none]")?.addEventListener("click", closeAll);
    document.addEventListener("click", carry, { capture: true });
    document.addEventListener("submit", carryForm, { capture: true });
    window.addEventListener("popstate", () => location.reload());
  }
})();
