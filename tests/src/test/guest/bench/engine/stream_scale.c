// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
#define NAME "stream-scale"
#define STEP(i) (b[i] = factor * c[i])
#include "stream.h"
