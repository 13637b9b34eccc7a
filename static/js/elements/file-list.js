/** Names and sizes of the chosen files, with problems told before anything is sent. */
function sizeText(bytes) {
  if (bytes < 1024) return `${bytes}B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)}KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1).replace(/\.0$/, "")}MB`;
}

class FileList extends HTMLElement {
  connectedCallback() {
    this.control = this.querySelector("input[type=file]");
    this.list = this.querySelector(".upload__chosen");
    this.control.addEventListener("change", () => this.show());
    this.show();
  }

  problemOf(file) {
    const types = this.dataset.types.split(" ").filter(Boolean);
    const kind = file.name.split(".").pop().toLowerCase();
    if (types.length && !types.includes(kind)) return `받지 않는 형식입니다. ${types.join(", ")} 파일을 올려 주십시오.`;
    if (file.size === 0) return "빈 파일입니다. 내용을 확인해 주십시오.";
    const most = Number(this.dataset.maxBytes);
    if (most && file.size > most) return `${sizeText(most)}보다 큽니다. 크기를 줄이거나 나누어 올려 주십시오.`;
    return "";
  }

  show() {
    const files = [...this.control.files];
    const most = Number(this.dataset.maxCount);
    const lines = files.map((file) => this.line(`${file.name} [${sizeText(file.size)}]`, this.problemOf(file)));
    if (most && files.length > most) lines.push(this.line("", `최대 ${most}개까지 올릴 수 있습니다. ${files.length}개를 골랐습니다.`));
    if (files.length) lines.push(this.clearButton());
    this.list.replaceChildren(...lines);
    this.list.hidden = files.length === 0;
  }

  line(text, problem) {
    const item = document.createElement("li");
    item.append(text);
    if (problem) {
      const note = document.createElement("span");
      note.className = "upload__problem";
      note.textContent = problem;
      item.append(note);
    }
    return item;
  }

  clearButton() {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = "선택 취소하기";
    button.addEventListener("click", () => {
      this.control.value = "";
      this.show();
      this.control.focus();
    });
    item.append(button);
    return item;
  }
}

customElements.define("file-list", FileList);
