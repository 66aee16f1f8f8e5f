"""Running the notebooks as tests touches nobody's progress: their kernels find a folder of their own."""

import os
import tempfile

os.environ["AUTHKIT_HOME"] = tempfile.mkdtemp(prefix="authkit-home-")
