/* graph.c - see graph.h: the clip of one scene. Pictures and join are in reel.c. */
#include "graph.h"

#include <stdio.h>
#include <string.h>

/* How far a move goes: a zoom's end, and the zoom under which a pan travels. */
#define ZOOM_PICTURE 1.085
#define ZOOM_BACKDROP 1.06
#define ZOOM_LAYER 1.05
#define ZOOM_PAN 1.09

struct build {
    const struct local *local;
    const struct graph_scene *scene;
    struct words words;
    struct lines graph;
    int input; /* inputs so far */
    int label; /* labels so far: the last one is what the next filter takes */
    int drawn; /* frames to draw: with the tail */
};

const char *graph_read_parts(const struct local *local, const char *text, struct graph_scene *scene)
{
    const struct gen_host *host = local->host;
    const struct gen_node *root = host->json_parse(local->arena, text, strlen(text));
    const struct gen_node *parts = host->json_get(root, "parts");
    const struct gen_node *focus = host->json_get(root, "focus");
    size_t i, count = host->json_count(parts);

    if (count == 0 ? scene->slot->visual == NULL : count > GRAPH_MAX_PARTS) {
        return "gen-typeset printed no list of parts";
    }
    scene->focus_x = (int)host->json_integer(host->json_at(focus, 0), scene->plan->width / 2);
    scene->focus_y = (int)host->json_integer(host->json_at(focus, 1), scene->plan->height / 2);
    scene->split = host->json_integer(host->json_get(root, "kind"), 0) == 2;
    scene->rtl = host->json_integer(host->json_get(root, "rtl"), 0) == 1;
    for (i = 0; i < count; i++) {
        const struct gen_node *node = host->json_at(parts, i);
        struct graph_part *part = &scene->parts[i];

        part->file = host->json_text(host->json_get(node, "file"), "");
        part->what = host->json_text(host->json_get(node, "what"), "");
        part->x = (int)host->json_integer(host->json_get(node, "x"), 0);
        part->y = (int)host->json_integer(host->json_get(node, "y"), 0);
        part->w = (int)host->json_integer(host->json_get(node, "w"), 0);
        part->h = (int)host->json_integer(host->json_get(node, "h"), 0);
        part->frames = (int)host->json_integer(host->json_get(node, "n"), 1);
        part->at = (int)host->json_integer(host->json_get(node, "at"), 0);
    }
    scene->part_count = count;
    return NULL;
}

void graph_begin(struct words *words, const char *level)
{
    words_split(words, "-nostdin -y -hide_banner -nostats -loglevel");
    words_add(words, level);
    words_split(words, "-progress pipe:1");
}

static int is(const struct graph_part *part, const char *what)
{
    return strcmp(part->what, what) == 0;
}

static void add_raw_input(struct build *b, const struct graph_part *part)
{
    const struct plan *plan = b->scene->plan;
    int opaque = is(part, "picture") || is(part, "backdrop");

    words_split(&b->words, "-f rawvideo -pixel_format");
    words_add(&b->words, opaque ? "yuv420p" : "yuva420p");
    words_print(&b->words, "-video_size");
    words_print(&b->words, "%dx%d", part->w, part->h);
    words_print(&b->words, "-framerate");
    words_print(&b->words, "%d/%d", plan->rate_num, plan->rate_den);
    words_print(&b->words, "-i");
    words_print(&b->words, "file:%s", part->file);
    b->input++;
}

/* One frame becomes as many as are drawn, and moves: the corners of what is seen are expressions
 * of the frame's number, sampled between pixels, so the motion has no steps. */
static void add_moving(struct build *b, const struct graph_part *part, double from, double to,
                       double pan_from, double pan_to)
{
    struct lines *g = &b->graph;
    int picture = is(part, "picture"), layer = is(part, "layer");
    double fx = (layer ? part->w / 2.0 : b->scene->focus_x) / part->w;
    double fy = (layer ? part->h / 2.0 : b->scene->focus_y) / part->h;
    int last = b->drawn > 1 ? b->drawn - 1 : 1;

    lines_add(g, "[%d:v]loop=loop=%d:size=1:start=0,setpts=N,trim=end_frame=%d", b->input - 1,
              b->drawn, b->drawn);
    if (from != 1 || to != 1 || pan_from != pan_to) {
        char zoom[96], share[96];

        /* 1 - 1/zoom is the part of the frame that is not seen; `share` of it lies to the left. */
        snprintf(zoom, sizeof(zoom), "(1-1/(%.4f+%.4f*(on-1)/%d))", from, to - from, last);
        snprintf(share, sizeof(share), "(%.4f+%.4f*(on-1)/%d)", pan_from >= 0 ? pan_from : fx,
                 pan_from >= 0 ? pan_to - pan_from : 0.0, last);
        lines_add(g,
                  ",perspective=eval=frame:sense=source:interpolation=%s"
                  ":x0='W*%s*%s':x2='W*%s*%s':x1='W-W*%s*(1-%s)':x3='W-W*%s*(1-%s)'"
                  ":y0='H*%s*%.4f':y1='H*%s*%.4f':y2='H-H*%s*%.4f':y3='H-H*%s*%.4f'",
                  picture || layer ? "cubic" : "linear", zoom, share, zoom, share, zoom, share,
                  zoom, share, zoom, fy, zoom, fy, zoom, 1 - fy, zoom, 1 - fy);
    }
}

static void add_base(struct build *b, const struct graph_part *part)
{
    int motion = b->scene->slot->motion, picture = is(part, "picture");
    double most = picture ? ZOOM_PICTURE : ZOOM_BACKDROP;

    if (motion == GEN_MOTION_STILL) {
        add_moving(b, part, 1, 1, -1, -1);
    } else if (picture && !b->scene->split && motion == GEN_MOTION_PAN_LEFT) {
        add_moving(b, part, ZOOM_PAN, ZOOM_PAN, 1, 0);
    } else if (picture && !b->scene->split && motion == GEN_MOTION_PAN_RIGHT) {
        add_moving(b, part, ZOOM_PAN, ZOOM_PAN, 0, 1);
    } else if (motion == GEN_MOTION_ZOOM_OUT || motion == GEN_MOTION_PAN_LEFT) {
        add_moving(b, part, most, 1, -1, -1);
    } else {
        add_moving(b, part, 1, most, -1, -1);
    }
    lines_add(&b->graph, "[b%d];", ++b->label);
}

/* Footage, cropped to fill the frame; when it is shorter than the scene its last picture stays. */
static void add_footage(struct build *b)
{
    const struct plan *plan = b->scene->plan;

    words_split(&b->words, "-an -sn -i");
    words_print(&b->words, "file:%s", b->scene->slot->visual->file);
    b->input++;
    lines_add(&b->graph,
              "[%d:v:0]fps=%d/%d,scale=w=%d:h=%d:force_original_aspect_ratio=increase:flags=bicubic"
              ":out_color_matrix=bt709:out_range=tv,crop=%d:%d,setsar=1,format=yuv420p,"
              "tpad=stop=%d:stop_mode=clone,trim=end_frame=%d,settb=%d/%d,setpts=N[b%d];",
              b->input - 1, plan->rate_num, plan->rate_den, plan->width, plan->height, plan->width,
              plan->height, b->drawn, b->drawn, plan->rate_den, plan->rate_num, ++b->label);
}

/* The product comes in from a little below while it fades in, then drifts closer. What slides or
 * is wiped in brings it along, and the first scene of all begins with it: an empty stage would be
 * all that the transition, or the video's first frame, shows. */
static void add_layer(struct build *b, const struct graph_part *part)
{
    const struct plan *plan = b->scene->plan;
    int still = b->scene->slot->motion == GEN_MOTION_STILL;
    int rise = plan->height / 24, frames = plan->rate_num * 7 / (plan->rate_den * 10);
    int start = b->scene->slot->enter / 5, fade = frames / 2;

    frames = frames > b->drawn / 3 ? b->drawn / 3 : frames;
    frames = frames < 1 ? 1 : frames;
    fade = fade < 1 ? 1 : fade;
    add_moving(b, part, 1, still ? 1 : ZOOM_LAYER, -1, -1);
    if (b->scene->index == 0 || b->scene->slot->transition == GEN_TRANSITION_SLIDE ||
        b->scene->slot->transition == GEN_TRANSITION_WIPE) {
        lines_add(&b->graph, "[l];[b%d][l]overlay=x=%d:y=%d[b%d];", b->label, part->x, part->y,
                  b->label + 1);
        b->label++;
        return;
    }
    lines_add(&b->graph, ",fade=t=in:start_frame=%d:nb_frames=%d:alpha=1[l];", start, fade);
    lines_add(&b->graph, "[b%d][l]overlay=x=%d:y='%d+%d*pow(1-clip((n-%d)/%d,0,1),4)'[b%d];",
              b->label, part->x, part->y, rise, start, frames, b->label + 1);
    b->label++;
}

static void add_still(struct build *b, const struct graph_part *part)
{
    lines_add(&b->graph, "[b%d][%d:v]overlay=x=%d:y=%d[b%d];", b->label, b->input - 1, part->x,
              part->y, b->label + 1);
    b->label++;
}

/* A text plays its entry and stands to the scene's end; in a fade it goes first, so that it is
 * gone when the next scene's words come. */
static void add_text(struct build *b, const struct graph_part *part)
{
    int length = b->scene->slot->frames, leave = b->scene->leave, at = part->at;

    if (at + part->frames > length) { /* a very short scene: be there at once */
        at = length - part->frames > 0 ? length - part->frames : 0;
    }
    lines_add(&b->graph, "[%d:v]setpts=N+%d", b->input - 1, at);
    if (leave > 0) {
        int stand = length + leave - at - part->frames;

        lines_add(&b->graph,
                  ",tpad=stop=%d:stop_mode=clone,fade=t=out:start_frame=%d:nb_frames=%d"
                  ":alpha=1",
                  stand > 0 ? stand : 0, length > at ? length - at : 0, leave);
    }
    lines_add(&b->graph, "[t%d];[b%d][t%d]overlay=x=%d:y=%d:eof_action=%s[b%d];", b->input,
              b->label, b->input, part->x, part->y, leave > 0 ? "pass" : "repeat", b->label + 1);
    b->label++;
}

/* Splits off what is drawn past the scene's end: the next scene's transition begins with it. */
static void add_tail(struct build *b)
{
    int frames = b->scene->slot->frames;

    if (b->scene->slot->tail == 0) {
        return;
    }
    lines_add(&b->graph,
              "[b%d]split=2[keep][rest];[keep]trim=end_frame=%d[b%d];"
              "[rest]trim=start_frame=%d,setpts=PTS-STARTPTS[tail];",
              b->label, frames, b->label + 1, frames);
    b->label++;
}

/* A soft edge: the old picture's alpha is a ramp, drawn once and pushed across, from where the
 * words begin. */
static void add_wipe(struct build *b, int next)
{
    const struct plan *plan = b->scene->plan;
    int enter = b->scene->slot->enter, ramp = plan->width / 4 & ~1;

    lines_add(
        &b->graph,
        "format=yuv420p[past];color=c=black:s=%dx16:r=%d/%d,trim=end_frame=1,format=gray,"
        "geq=lum='255*clip((X-%d)/%d,0,1)',scale=%d:%d,loop=loop=%d:size=1:start=0,"
        "settb=%d/%d,setpts=N,trim=end_frame=%d,crop=w=%d:h=%d:x='%d-%d*(n+1)/%d':y=0%s[mask];"
        "[past][mask]alphamerge[old];[b%d][old]overlay=eof_action=pass[b%d];",
        2 * plan->width + ramp, plan->rate_num, plan->rate_den, plan->width, ramp,
        2 * plan->width + ramp, plan->height, enter, plan->rate_den, plan->rate_num, enter,
        plan->width, plan->height, plan->width + ramp, plan->width + ramp, enter + 1,
        b->scene->rtl ? ",hflip" : "", b->label, next);
}

/* The last frames of the scene before, over the first of this one. */
static void add_transition(struct build *b)
{
    const struct plan *plan = b->scene->plan;
    const struct plan_scene *slot = b->scene->slot;
    struct lines *g = &b->graph;
    int enter = slot->enter, next = b->label + 1;

    if (enter == 0) {
        return;
    }
    words_add(&b->words, "-i");
    words_print(&b->words, "file:tail%zu.mkv", (b->scene->index + 1) % 2);
    b->input++;
    lines_add(g, "[%d:v]settb=%d/%d,setpts=N,", b->input - 1, plan->rate_den, plan->rate_num);
    if (slot->transition == GEN_TRANSITION_SLIDE) {
        /* Both side by side, and a window that travels: fast, then gently. */
        lines_add(g,
                  "tpad=stop=%d:stop_mode=clone,format=yuv420p[old];[b%d]format=yuv420p[new];"
                  "%s hstack=inputs=2:shortest=1,"
                  "crop=w=%d:h=%d:x='%d*%spow(1-clip((n+1)/%d,0,1),4)%s':y=0[b%d];",
                  b->drawn, b->label, b->scene->rtl ? "[new][old]" : "[old][new]", plan->width,
                  plan->height, plan->width, b->scene->rtl ? "" : "(1-", enter + 1,
                  b->scene->rtl ? "" : ")", next);
    } else if (slot->transition == GEN_TRANSITION_WIPE) {
        add_wipe(b, next);
    } else {
        lines_add(g,
                  "format=yuva420p,fade=t=out:start_frame=0:nb_frames=%d:alpha=1[old];"
                  "[b%d][old]overlay=eof_action=pass[b%d];",
                  enter + 1, b->label, next);
    }
    b->label = next;
}

/* From bottom to top: base, layer, veil; then the transition; then words and logo, which come in
 * above it and go with their scene. */
static void add_parts(struct build *b, int above)
{
    size_t i;

    for (i = 0; i < b->scene->part_count; i++) {
        const struct graph_part *part = &b->scene->parts[i];
        int is_above = is(part, "text");

        if (is_above != above) {
            continue;
        }
        add_raw_input(b, part);
        if (is(part, "picture") || is(part, "backdrop")) {
            add_base(b, part);
        } else if (is(part, "layer")) {
            add_layer(b, part);
        } else if (is(part, "text")) {
            add_text(b, part);
        } else {
            add_still(b, part);
        }
    }
}

static void add_outputs(struct build *b)
{
    const struct plan *plan = b->scene->plan;
    struct words *w = &b->words;
    int frames = b->scene->slot->frames;

    words_add(w, "-filter_complex");
    words_add(w, b->graph.broken ? NULL : b->graph.text);
    words_split(w, "-map [out] -an -sn -dn -map_metadata -1 -c:v libx264 -preset veryfast -crf 17 "
                   "-profile:v high -pix_fmt yuv420p -bf 0 -flags +cgop -threads 0 "
                   "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv -g");
    words_print(w, "%d", (plan->rate_num + plan->rate_den / 2) / plan->rate_den);
    words_print(w, "-frames:v");
    words_print(w, "%d", frames);
    words_print(w, "-video_track_timescale");
    words_print(w, "%d", plan->rate_num);
    words_print(w, "file:%s", graph_clip_name(b->local, b->scene->index));
    if (b->scene->slot->tail > 0) {
        words_split(w, "-map [tail] -an -c:v libx264 -preset ultrafast -crf 6 -pix_fmt yuv420p "
                       "-threads 0");
        words_print(w, "file:tail%zu.mkv", b->scene->index % 2);
    }
}

const char *const *graph_clip(const struct local *local, const struct graph_scene *scene)
{
    struct build b = {.local = local, .scene = scene};

    words_init(&b.words, local->host, local->arena);
    lines_init(&b.graph, local->host, local->arena);
    b.drawn = scene->slot->frames + scene->slot->tail;
    graph_begin(&b.words, "error");
    if (plan_shows_footage(scene->slot)) {
        add_footage(&b);
    }
    add_parts(&b, 0);
    add_transition(&b);
    add_parts(&b, 1);
    add_tail(&b);
    lines_add(&b.graph, "[b%d]format=yuv420p,setsar=1[out]", b.label);
    add_outputs(&b);
    return b.words.broken || b.graph.broken ? NULL : b.words.list;
}
