/**
 * Writes numbers as people read them, on leaving the field: business numbers 3-2-5, telephone
 * numbers with hyphens, amounts with separators. Typing and pasting are never disturbed, and the
 * server strips all of it. Controls say which by data-format.
 */
const digitsOf = (text) => text.replace(/\D/g, "");

const FORMATS = {
  business: (text) => digitsOf(text).replace(/^(\d{3})(\d{2})(\d{5})$/, "$1-$2-$3"),
  corporate: (text) => digitsOf(text).replace(/^(\d{6})(\d{7})$/, "$1-$2"),
  phone: (text) =>
    digitsOf(text).replace(/^(02|01[016-9]|0[3-6][1-5]|0[78]0|050\d)(\d{3,4})(\d{4})$/, "$1-$2-$3").replace(/^(1[568]\d{2})(\d{4})$/, "$1-$2"),
  amount: (text) => digitsOf(text).replace(/\B(?=(\d{3})+$)/g, ","),
};

document.addEventListener("change", (event) => {
  const format = FORMATS[event.target.dataset?.format];
  const typed = event.target.value;
  // Only digits with spaces, hyphens or commas: anything else stays for the person to see.
  if (format && typed && /^[\d\s,()-]+$/.test(typed)) event.target.value = format(typed);
});
