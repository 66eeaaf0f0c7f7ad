// A drop zone: sends files as they lie there and shows how much has gone.
for (const zone of document.querySelectorAll("form[data-upload]")) {
  const drop = zone.querySelector(".drop");
  const input = zone.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  input.addEventListener("change", () => input.files.length && send(zone, input.files));
}

function send(form, files) {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  const request = new XMLHttpRequest();
  const box = form.querySelector("[data-sending]");
  const bar = box.querySelector(".progress > i");
  box.hidden = false;
  request.upload.addEventListener("progress", (event) => { bar.style.inlineSize = `${(100 * event.loaded) / event.total}%`; });
  request.addEventListener("load", () => {
    if (request.status < 400 || request.responseURL !== form.action) return location.assign(request.responseURL);
    box.hidden = true;
    form.querySelector("[data-failed]").hidden = false;
  });
  request.addEventListener("error", () => { box.hidden = true; form.querySelector("[data-failed]").hidden = false; });
  request.open("POST", form.action);
  request.send(body);
}
