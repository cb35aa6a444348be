# Runs Debian 12's dnsviz: its `grok` (0.9.4) asks for pygraphviz.release, which pygraphviz 1.7 no longer has.
import runpy
import sys
import types

import pygraphviz

release = types.ModuleType("pygraphviz.release")
release.version = pygraphviz.__version__
sys.modules["pygraphviz.release"] = release
pygraphviz.release = release
sys.argv = ["/usr/bin/dnsviz", *sys.argv[1:]]
runpy.run_path("/usr/bin/dnsviz", run_name="__main__")
