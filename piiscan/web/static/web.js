// A little help where there is script; every page works without it.
"use strict";
