#!/bin/sh
# Says what would happen, and takes a moment like the real thing.
echo "would $1 …"
sleep 1
echo "done"
