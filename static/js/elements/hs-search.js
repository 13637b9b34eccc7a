/**
 * [HS CODE 검색]: finds a code by words or digits and writes it into the field (S49).
 * One dialog serves every field of the page; it is made when it is first asked for.
 */
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const button = (label, act, className = "button button--small") => {
  const made = make("button", { type: "button", class: className }, label);
  made.addEventListener("click", act);
  return made;
};

class HsDialog {
  constructor(url) {
    this.url = url;
    this.query = make("input", { type: "search", id: "hs-dialog-query", maxlength: 100 });
    this.status = make("p", { role: "status" });
    this.path = make("p", { class: "muted" });
    this.rows = make("tbody");
    this.pager = make("div", { class: "cluster" });
    this.source = make("p", { class: "muted small" });
    this.root = this.build();
    document.body.append(this.root);
  }

  build() {
    const form = make(
      "form",
      { method: "dialog", role: "search", class: "field" },
      make("label", { class: "field__label", for: "hs-dialog-query" }, "상세설명 또는 코드"),
      make("div", { class: "field__control" }, this.query, make("button", { type: "submit", class: "button button--primary field__extra" }, "검색")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.show({ q: this.query.value });
    });
    const head = make("tr", {}, ...["HS_CODE", "상세설명", "선택"].map((name) => make("th", { scope: "col" }, name)));
    const table = make("table", { class: "table table--cards" }, make("caption", {}, "HS 코드"), make("thead", {}, head), this.rows);
    const close = button("닫기", () => this.root.close(), "button");
    return make(
      "dialog",
      { class: "dialog dialog--wide", "aria-labelledby": "hs-dialog-title" },
      make("h2", { id: "hs-dialog-title" }, "HS CODE 검색"),
      form,
      this.status,
      this.path,
      make("div", { class: "table-wrap", role: "region", "aria-label": "HS 코드 표", tabindex: "0" }, table),
      this.pager,
      this.source,
      make("div", { class: "actions" }, close),
    );
  }

  open(control) {
    this.control = control;
    this.query.value = control.value;
    this.root.showModal();
    this.query.focus();
    this.show({ q: control.value });
  }

  async show(asked) {
    this.status.textContent = "찾고 있습니다.";
    this.asked = asked;
    const answer = await fetch(`${this.url}?${new URLSearchParams(asked)}`, { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    if (this.asked !== asked) return;
    if (!answer) this.status.textContent = "찾지 못했습니다. 잠시 뒤 다시 검색해 주십시오.";
    else this.draw(answer, asked);
  }

  draw(answer, asked) {
    this.status.textContent = answer.count ? `코드 ${answer.count.toLocaleString("ko")}개를 찾았습니다.` : "찾는 코드가 없습니다. 낱말을 줄이거나 다른 이름으로 찾아 보십시오.";
    this.path.replaceChildren();
    if (answer.parent) {
      const back = button(`${answer.parent.code.slice(0, 4)} 검색 결과로`, () => this.show({ q: answer.parent.code.slice(0, 4) }));
      this.path.append(`${answer.parent.written} ${answer.parent.path} `, back);
    }
    this.rows.replaceChildren(...answer.rows.map((row) => this.row(row)));
    this.source.textContent = answer.source;
    this.pager.replaceChildren();
    if (answer.pages < 2) return;
    const turn = (label, page) => button(label, () => this.show({ ...asked, page }));
    if (answer.page > 1) this.pager.append(turn("이전", answer.page - 1));
    this.pager.append(`${answer.page} / ${answer.pages}쪽`);
    if (answer.page < answer.pages) this.pager.append(turn("다음", answer.page + 1));
  }

  row(row) {
    const choose = button("선택", () => this.choose(row.written), "button button--small button--primary");
    choose.setAttribute("aria-label", `${row.written} 선택`);
    const actions = make("td", { "data-label": "선택" }, choose);
    if (row.below) {
      const deeper = button(`${row.below}자리 보기`, () => this.show({ under: row.code }));
      deeper.setAttribute("aria-label", `${row.written}의 ${row.below}자리 코드 보기`);
      actions.append(" ", deeper);
    }
    return make("tr", {}, make("th", { scope: "row", "data-label": "HS_CODE" }, row.written), make("td", { "data-label": "상세설명" }, row.path), actions);
  }

  choose(code) {
    this.control.value = code;
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
    this.control.dispatchEvent(new Event("change", { bubbles: true }));
    this.root.close();
    this.control.focus();
  }
}

let dialog = null;

class HsSearch extends HTMLElement {
  connectedCallback() {
    this.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      dialog ??= new HsDialog(this.dataset.url);
      dialog.open(this.querySelector("input"));
    });
  }
}

customElements.define("hs-search", HsSearch);
