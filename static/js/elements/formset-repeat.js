/** Adds and removes rows of a Django formset; numbers the rows that remain. */
class FormsetRepeat extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-rows]");
    this.template = this.querySelector("template");
    this.total = this.querySelector(`input[name="${this.dataset.prefix}-TOTAL_FORMS"]`);
    this.adder = this.querySelector("button[name=add_row]");
    this.adder.addEventListener("click", (event) => {
      event.preventDefault();
      this.add();
    });
    for (const row of this.rows.children) this.equip(row);
    this.number();
  }

  get shown() {
    return [...this.rows.children].filter((row) => !row.hidden);
  }

  add() {
    const index = Number(this.total.value);
    const row = this.template.content.firstElementChild.cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const attribute of element.attributes) {
        attribute.value = attribute.value.replaceAll("__prefix__", index);
      }
    }
    this.total.value = index + 1;
    this.rows.append(row);
    this.equip(row);
    this.number();
    row.querySelector("legend").focus();
  }

  equip(row) {
    const place = row.querySelector("[data-remove]");
    if (!place) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small button--danger";
    button.addEventListener("click", () => this.remove(row));
    place.querySelector("label").hidden = true;
    place.append(button);
    row.hidden = place.querySelector("input").checked;
  }

  remove(row) {
    const name = row.querySelector("[data-row-title]").textContent;
    row.querySelector("[data-remove] input").checked = true;
    row.hidden = true;
    this.number();
    this.querySelector(":scope > [role=status]").textContent = `${name}을(를) 지웠습니다.`;
    const next = this.shown.at(-1);
    (next ? next.querySelector("legend") : this.adder).focus();
  }

  number() {
    this.shown.forEach((row, index) => {
      const name = `${this.dataset.title} ${index + 1}`;
      row.querySelector("[data-row-title]").textContent = name;
      const button = row.querySelector("[data-remove] button");
      if (button) button.textContent = `${name} 지우기`;
    });
    this.adder.disabled = this.shown.length >= Number(this.dataset.max || Infinity);
  }
}

customElements.define("formset-repeat", FormsetRepeat);
