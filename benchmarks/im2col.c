/* The classic way: every window of a batch is copied to a column of one matrix (im2col), or added back (col2im).
   x: (N, C, H, W).  columns: (C, HH, WW, N, H', W'), with zeros where a window reaches beyond its image.
   Compile with -DTYPE=float or -DTYPE=double. */

static long pixel(long row, long column, long H, long W)
{
    return row < 0 || row >= H || column < 0 || column >= W ? -1 : row * W + column;
}

#define EACH(STATEMENT)                                                                                       \
    long height = (H + 2 * pad - HH) / stride + 1, width = (W + 2 * pad - WW) / stride + 1, k = 0;            \
    for (long c = 0; c < C; c++)                                                                              \
        for (long i = 0; i < HH; i++)                                                                         \
            for (long j = 0; j < WW; j++)                                                                     \
                for (long n = 0; n < N; n++)                                                                  \
                    for (long r = 0; r < height; r++)                                                         \
                        for (long q = 0; q < width; q++, k++) {                                               \
                            long image = (n * C + c) * H * W;                                                 \
                            long at = pixel(r * stride + i - pad, q * stride + j - pad, H, W);                \
                            STATEMENT                                                                         \
                        }

void im2col(TYPE *x, TYPE *columns, long N, long C, long H, long W, long HH, long WW, long stride, long pad)
{
    EACH(columns[k] = at < 0 ? 0 : x[image + at];)
}

void col2im(TYPE *x, TYPE *columns, long N, long C, long H, long W, long HH, long WW, long stride, long pad)
{
    EACH(if (at >= 0) x[image + at] += columns[k];)
}
