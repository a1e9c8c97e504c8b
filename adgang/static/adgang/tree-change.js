// Changing the tree where it stands: nodes are dragged to another place, and several points chosen to be changed together.
// Without it the pages "Move", "Order" and "Change several" do the same, also on a screen that is touched.
"use strict";

(() => {
  const tree = document.getElementById("tree");
  const dropForm = document.getElementById("drop-form");
  const pickForm = document.getElementById("pick-form");
  const LINGER = 700; // ms over a closed group before it opens
  const EDGE = 0.25; // of a group's height: above and below it; the rest is into it
  const MARKS = ["drop-before", "drop-after", "drop-into"];
  const FOCUS = "adgang-tree-focus";

  const itemAt = (event) => event.target.closest?.("[role=treeitem]:not(.more)");
  const idOf = (item) => item.pathname.split("/").at(-2);
  const isGroup = (item) => item.classList.contains("g");
  const listOf = (item) => item.parentElement.parentElement;
  const parentOf = (item) => (listOf(item) === tree ? "" : listOf(item).id.slice(1));
  const linkIn = (li) => li?.querySelector(":scope > [role=treeitem]");

  // --- Dragging ----------------------------------------------------------------------------------------------------

  let dragged = null;
  let lingering = 0;
  let marked = null;

  function unmark() {
    clearTimeout(lingering);
    marked?.classList.remove(...MARKS);
    marked = null;
  }

  function stop() {
    unmark();
    dragged = null;
    tree.closest(".structure-tree").classList.remove("is-dragging");
  }

  // Whether the point stands in that list by another of its places: it cannot stand there twice.
  function standsIn(list) {
    if (!list || list === listOf(dragged)) return false;
    return [...list.children].some((li) => linkIn(li)?.pathname === dragged.pathname);
  }

  function beside(target, after) {
    if (parentOf(target) !== parentOf(dragged) && !isGroup(dragged) && standsIn(listOf(target))) return null;
    if (after) return { to: parentOf(target), after: idOf(target), mark: "drop-after" };
    const previous = linkIn(target.parentElement.previousElementSibling);
    if (previous?.classList.contains("more") || previous === dragged) return null;
    const sibling = previous && isGroup(previous) === isGroup(dragged) ? idOf(previous) : "";
    return { to: parentOf(target), after: sibling, mark: "drop-before" };
  }

  function into(group) {
    const list = group.parentElement.querySelector(":scope > ul");
    if (parentOf(dragged) === idOf(group) || (!isGroup(dragged) && standsIn(list))) return null;
    return { to: idOf(group), after: "last", mark: "drop-into" };
  }

  // Where a drop would put the node; null where it must not stand.
  function place(target, y) {
    if (dragged.parentElement.contains(target)) return null;
    const box = target.getBoundingClientRect();
    const part = (y - box.top) / box.height;
    if (!isGroup(target)) return isGroup(dragged) ? null : beside(target, part > 0.5);
    if (!isGroup(dragged)) return into(target);
    if (part < EDGE) return beside(target, false);
    if (part > 1 - EDGE && target.getAttribute("aria-expanded") !== "true") return beside(target, true);
    return into(target);
  }

  function onStart(event) {
    dragged = itemAt(event);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.textContent.trim());
    setTimeout(() => tree.closest(".structure-tree").classList.add("is-dragging"));
  }

  function onOver(event) {
    const target = itemAt(event);
    if (!dragged || !target) return unmark();
    const found = place(target, event.clientY);
    if (marked !== target) {
      unmark();
      if (target.getAttribute("aria-expanded") === "false") lingering = setTimeout(() => tellOpen(target), LINGER);
    }
    marked = target;
    target.classList.remove(...MARKS);
    if (!found) return;
    target.classList.add(found.mark);
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }

  function tellOpen(item) {
    if (dragged) item.dispatchEvent(new CustomEvent("tree:open", { bubbles: true }));
  }

  function onDrop(event) {
    const target = itemAt(event);
    const found = dragged && target && place(target, event.clientY);
    if (!found) return;
    event.preventDefault();
    send(found);
  }

  function send(found) {
    const values = { node: idOf(dragged), kind: isGroup(dragged) ? "g" : "p", from: parentOf(dragged), ...found };
    for (const name of ["node", "kind", "from", "to", "after"]) dropForm.elements[name].value = values[name];
    stop();
    sessionStorage.setItem(FOCUS, "1");
    dropForm.requestSubmit();
  }

  function watchTop(strip) {
    strip.addEventListener("dragover", (event) => {
      if (!dragged || parentOf(dragged) === "" || standsIn(isGroup(dragged) ? null : tree)) return;
      event.preventDefault();
    });
    strip.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged) send({ to: "", after: "last" });
    });
  }

  // --- Choosing several --------------------------------------------------------------------------------------------

  const chosen = () => [...tree.querySelectorAll("[aria-selected=true]")];

  function prepare() {
    for (const item of tree.querySelectorAll("a:not(.g):not(.more):not([aria-selected])")) {
      item.setAttribute("aria-selected", "false");
    }
  }

  function toggle(item, on) {
    if (isGroup(item)) return;
    const now = on ?? item.getAttribute("aria-selected") !== "true";
    // A point that stands in several groups is chosen in all its places.
    for (const other of tree.querySelectorAll("a[aria-selected]")) {
      if (other.pathname === item.pathname) other.setAttribute("aria-selected", String(now));
    }
    tell();
  }

  function tell() {
    const ids = [...new Set(chosen().map(idOf))];
    pickForm.hidden = !ids.length;
    pickForm.elements.ids.value = ids.join(",");
    pickForm.querySelector("[data-count]").textContent = pickForm.dataset.text.replace("0", ids.length);
  }

  function onKey(event) {
    const item = itemAt(event);
    if (!item || event.altKey || event.metaKey) return;
    if (event.key === " " && (event.ctrlKey || event.shiftKey)) toggle(item);
    else if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) extend(item, event.key);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function extend(item, key) {
    const all = [...tree.querySelectorAll("[role=treeitem]")].filter((one) => !one.closest("ul[hidden]"));
    const next = all[all.indexOf(item) + (key === "ArrowDown" ? 1 : -1)];
    toggle(item, true);
    if (!next) return;
    if (!next.classList.contains("more")) toggle(next, true);
    next.focus();
  }

  function onClick(event) {
    const item = itemAt(event);
    if (!item || !event.shiftKey || isGroup(item)) return;
    event.preventDefault();
    toggle(item);
  }

  if (tree && dropForm) {
    tree.addEventListener("dragstart", onStart);
    tree.addEventListener("dragover", onOver);
    tree.addEventListener("dragleave", (event) => tree.contains(event.relatedTarget) || unmark());
    tree.addEventListener("drop", onDrop);
    tree.addEventListener("dragend", stop);
    document.querySelectorAll("[data-drop-top]").forEach(watchTop);
    if (sessionStorage.getItem(FOCUS)) {
      sessionStorage.removeItem(FOCUS);
      tree.querySelector("[aria-current]")?.focus();
    }
  }
  if (tree && pickForm) {
    prepare();
    new MutationObserver(prepare).observe(tree, { childList: true, subtree: true });
    tree.addEventListener("keydown", onKey, { capture: true });
    tree.addEventListener("click", onClick, { capture: true });
    pickForm.querySelector("[data-none]").addEventListener("click", () => {
      for (const item of chosen()) item.setAttribute("aria-selected", "false");
      tell();
      tree.querySelector("[tabindex='0']")?.focus();
    });
  }
})();
