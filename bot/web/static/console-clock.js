"use strict";

// A browser slows the timers of a page in the background down to one a minute; those of a worker it leaves alone.
setInterval(() => postMessage("look"), 1000);
