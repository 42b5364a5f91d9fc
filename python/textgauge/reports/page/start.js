// Brings the page to life.

async function start() {
  setUpTheme();
  setUpCopying();
  await readColumns();
  setUpList();
  setUpRowControls();
  setUpPair();
  listeners.push(showChoices, drawChips);
  setUpHistograms();
  if (several) setUpScatter();
  setUpGroups();
  refresh();
  openLinked();
  document.documentElement.dataset.ready = "yes";
}

start();
