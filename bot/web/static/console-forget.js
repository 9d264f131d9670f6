"use strict";

// After signing out nothing of a conversation stays in the tab.
sessionStorage.clear();
